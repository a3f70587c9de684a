//! Divides a wasm module in two: the first part runs alone, the second is put into it later.
//!
//! The second part takes functions that are reached through the function table only: the code
//! behind a `dyn` object whose type belongs to a module of the page that is loaded later. In the
//! first part their places in the table hold a function that traps; the second part imports the
//! first one's memory, table, globals and functions, and its element segments put the real
//! functions in their places as it is instantiated. A direct call never crosses from the first
//! part into the second: what a function of the first part calls stays in the first part, even if
//! its name says otherwise. So the page needs to know one rule only: before it makes such an
//! object it waits until the second part is there.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use anyhow::{bail, Context, Result};
use walrus::ir::{dfs_in_order, Value, Visitor};
use walrus::{
    ConstExpr, DataKind, ElementItems, ElementKind, Function, FunctionBuilder, FunctionId,
    FunctionKind, GlobalId, GlobalKind, ImportKind, ImportedFunction, MemoryId, Module,
    ModuleConfig, TableId,
};

use crate::reach::Later;

/// The name under which the second part imports the first.
pub const FIRST: &str = "first";

/// The two parts of a module.
#[derive(Debug)]
pub struct Parts {
    /// What runs alone.
    pub first: Vec<u8>,
    /// What is instantiated later with the exports of the first as the imports of [`FIRST`].
    pub later: Vec<u8>,
}

/// Divides `wasm`, whose functions have the same names as in the linked module that `later` was
/// found in.
pub fn split(wasm: &[u8], later: &Later) -> Result<Parts> {
    let original = parse(wasm)?;
    let plan = Plan::of(&original, later);
    Ok(Parts {
        first: plan.first(parse(wasm)?)?,
        later: plan.later(parse(wasm)?)?,
    })
}

fn parse(wasm: &[u8]) -> Result<Module> {
    let mut module = ModuleConfig::new()
        .generate_name_section(std::env::var_os("PACK_NAMES").is_some())
        .generate_producers_section(false)
        .parse(wasm)?;
    // The symbols and relocations are not true of what comes out of here.
    let customs: Vec<_> = module.customs.iter().map(|(id, _)| id).collect();
    for id in customs {
        module.customs.delete(id);
    }
    Ok(module)
}

/// What goes where, by the indices in the module, which are the same in every parse of its bytes.
struct Plan<'a> {
    /// The addresses of the data of the second part.
    data: &'a [Range<u32>],
    /// The functions of the second part.
    later: HashSet<usize>,
    /// The functions of the first part that the second calls, in the module's order.
    shared: Vec<usize>,
    /// The globals that the second part uses, in the module's order.
    globals: Vec<usize>,
}

struct Uses<'a> {
    functions: &'a mut Vec<FunctionId>,
    globals: &'a mut HashSet<GlobalId>,
}

impl Later {
    fn has(&self, function: &Function) -> bool {
        let name = function.name.as_deref();
        matches!(function.kind, FunctionKind::Local(_))
            && name.is_some_and(|name| self.functions.contains(name))
    }
}

impl<'i> Visitor<'i> for Uses<'_> {
    fn visit_function_id(&mut self, id: &FunctionId) {
        self.functions.push(*id);
    }
    fn visit_global_id(&mut self, id: &GlobalId) {
        self.globals.insert(*id);
    }
}

impl<'a> Plan<'a> {
    fn of(module: &Module, wanted: &'a Later) -> Plan<'a> {
        let mut calls: HashMap<FunctionId, Vec<FunctionId>> = HashMap::new();
        let mut globals: HashMap<FunctionId, HashSet<GlobalId>> = HashMap::new();
        for (id, function) in module.funcs.iter_local() {
            let mut uses = Uses {
                functions: calls.entry(id).or_default(),
                globals: globals.entry(id).or_default(),
            };
            dfs_in_order(&mut uses, function, function.entry_block());
        }

        // wasm-bindgen adds functions and drops others. What it added belongs to the first part,
        // and so does all that it calls.
        let mut waiting: Vec<FunctionId> = module
            .funcs
            .iter()
            .filter(|function| !wanted.has(function))
            .map(|function| function.id())
            .collect();
        let mut first = HashSet::new();
        while let Some(id) = waiting.pop() {
            if first.insert(id) {
                waiting.extend(calls.get(&id).into_iter().flatten());
            }
        }

        let later: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
        let later: HashSet<_> = later.into_iter().filter(|id| !first.contains(id)).collect();
        let used: HashSet<_> = later.iter().flat_map(|id| &calls[id]).collect();
        let used_globals: HashSet<_> = later.iter().flat_map(|id| &globals[id]).collect();
        let shared = module.funcs.iter().map(|function| function.id());
        let globals = module.globals.iter().map(|global| global.id());
        Plan {
            data: &wanted.data,
            shared: shared
                .filter(|id| used.contains(id) && !later.contains(id))
                .map(|id| id.index())
                .collect(),
            globals: globals
                .filter(|id| used_globals.contains(id))
                .map(|id| id.index())
                .collect(),
            later: later.iter().map(|id| id.index()).collect(),
        }
    }

    fn is_later(&self, id: FunctionId) -> bool {
        self.later.contains(&id.index())
    }

    fn first(&self, mut module: Module) -> Result<Vec<u8>> {
        let mut absent = FunctionBuilder::new(&mut module.types, &[], &[]);
        absent.func_body().unreachable();
        let absent = absent.finish(vec![], &mut module.funcs);
        for element in module.elements.iter_mut() {
            if let ElementItems::Functions(functions) = &mut element.items {
                for id in functions.iter_mut().filter(|id| self.is_later(**id)) {
                    *id = absent;
                }
            }
        }
        let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
        for id in segments {
            let data = module.data.get_mut(id);
            let start = address(&data.kind)?;
            for range in within(self.data, start, data.value.len()) {
                data.value[range].fill(0);
            }
        }
        for (n, id) in functions(&module, &self.shared).into_iter().enumerate() {
            module.exports.add(&short("f", n), id);
        }
        for (n, id) in globals(&module, &self.globals).into_iter().enumerate() {
            module.exports.add(&short("g", n), id);
        }
        for (n, id) in tables(&module).into_iter().enumerate() {
            module.exports.add(&short("t", n), id);
        }
        for (n, id) in memories(&module).into_iter().enumerate() {
            module.exports.add(&short("m", n), id);
        }
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }

    fn later(&self, mut module: Module) -> Result<Vec<u8>> {
        module.start = None;
        let exports: Vec<_> = module.exports.iter().map(|export| export.id()).collect();
        exports.into_iter().for_each(|id| module.exports.delete(id));
        let old: Vec<_> = module.data.iter().map(|data| data.id()).collect();
        for id in old {
            let data = module.data.get(id);
            let start = address(&data.kind)?;
            let memory = module.memories.iter().next().map(|memory| memory.id());
            let memory = memory.context("the module has no memory")?;
            let ranges = within(self.data, start, data.value.len());
            let pieces: Vec<_> = ranges
                .map(|r| (start + r.start as u32, data.value[r].to_vec()))
                .collect();
            module.data.delete(id);
            module.memories.get_mut(memory).data_segments.remove(&id);
            // Memory is zero at first, and in what is zero something may live already.
            let something = |(_, value): &(u32, Vec<u8>)| value.iter().any(|byte| *byte != 0);
            for (at, value) in pieces.into_iter().filter(something) {
                let offset = ConstExpr::Value(Value::I32(at as i32));
                let id = module.data.add(DataKind::Active { memory, offset }, value);
                module.memories.get_mut(memory).data_segments.insert(id);
            }
        }

        // What was defined or imported there is imported from the first part here.
        let imports: Vec<_> = module.imports.iter().map(|import| import.id()).collect();
        imports.into_iter().for_each(|id| module.imports.delete(id));
        for (n, id) in functions(&module, &self.shared).into_iter().enumerate() {
            let import = module
                .imports
                .add(FIRST, &short("f", n), ImportKind::Function(id));
            let function = module.funcs.get_mut(id);
            let ty = function.ty();
            function.kind = FunctionKind::Import(ImportedFunction { import, ty });
        }
        for (n, id) in globals(&module, &self.globals).into_iter().enumerate() {
            let import = module
                .imports
                .add(FIRST, &short("g", n), ImportKind::Global(id));
            module.globals.get_mut(id).kind = GlobalKind::Import(import);
        }
        for (n, id) in tables(&module).into_iter().enumerate() {
            let import = module
                .imports
                .add(FIRST, &short("t", n), ImportKind::Table(id));
            let table = module.tables.get_mut(id);
            table.import = Some(import);
            table.init = None;
        }
        for (n, id) in memories(&module).into_iter().enumerate() {
            let import = module
                .imports
                .add(FIRST, &short("m", n), ImportKind::Memory(id));
            module.memories.get_mut(id).import = Some(import);
        }

        // Only the runs of functions that the first part does not have are written to the table.
        let elements: Vec<_> = module.elements.iter().map(|element| element.id()).collect();
        for id in elements {
            let element = module.elements.get(id);
            let ElementKind::Active { table, offset } = &element.kind else {
                bail!("an element segment is not active");
            };
            let ConstExpr::Value(Value::I32(start)) = offset else {
                bail!("an element segment starts at no constant");
            };
            let (table, start) = (*table, *start);
            let functions = entries(&element.items)?.to_vec();
            module.elements.delete(id);
            module.tables.get_mut(table).elem_segments.remove(&id);
            let mut at = 0;
            for run in functions.chunk_by(|a, b| self.is_later(*a) == self.is_later(*b)) {
                if self.is_later(run[0]) {
                    let offset = ConstExpr::Value(Value::I32(start + at as i32));
                    let kind = ElementKind::Active { table, offset };
                    let new = module
                        .elements
                        .add(kind, ElementItems::Functions(run.to_vec()));
                    module.tables.get_mut(table).elem_segments.insert(new);
                }
                at += run.len();
            }
        }
        walrus::passes::gc::run(&mut module);
        Ok(module.emit_wasm())
    }
}

fn functions(module: &Module, indices: &[usize]) -> Vec<FunctionId> {
    let all = module.funcs.iter().map(|function| function.id());
    all.filter(|id| indices.binary_search(&id.index()).is_ok())
        .collect()
}

fn globals(module: &Module, indices: &[usize]) -> Vec<GlobalId> {
    let all = module.globals.iter().map(|global| global.id());
    all.filter(|id| indices.binary_search(&id.index()).is_ok())
        .collect()
}

fn tables(module: &Module) -> Vec<TableId> {
    module.tables.iter().map(|table| table.id()).collect()
}

fn memories(module: &Module) -> Vec<MemoryId> {
    module.memories.iter().map(|memory| memory.id()).collect()
}

fn entries(items: &ElementItems) -> Result<&[FunctionId]> {
    match items {
        ElementItems::Functions(functions) => Ok(functions),
        ElementItems::Expressions(..) => bail!("an element segment holds expressions"),
    }
}

/// The name of the `n`th shared thing of a kind: a few bytes, as the names are in both files.
fn short(kind: &str, n: usize) -> String {
    let mut digits = Vec::new();
    let mut rest = n;
    while digits.is_empty() || rest > 0 {
        digits.extend(char::from_digit((rest % 36) as u32, 36));
        rest /= 36;
    }
    kind.chars().chain(digits.into_iter().rev()).collect()
}

fn address(kind: &DataKind) -> Result<u32> {
    match kind {
        DataKind::Active {
            offset: ConstExpr::Value(Value::I32(at)),
            ..
        } => Ok(*at as u32),
        _ => bail!("a data segment is at no constant address"),
    }
}

/// The parts of a segment that lie in `ranges`, as positions in the segment.
fn within(
    ranges: &[Range<u32>],
    start: u32,
    len: usize,
) -> impl Iterator<Item = Range<usize>> + '_ {
    let end = start + len as u32;
    ranges
        .iter()
        .map(move |range| range.start.max(start)..range.end.min(end))
        .filter(|range| !range.is_empty())
        .map(move |range| (range.start - start) as usize..(range.end - start) as usize)
}
