//! What of a linked module is reached without an entry point.
//!
//! The linker's relocations (`--emit-relocs`) say exactly which function uses which function and
//! which data, and which data holds the address of what. Names of functions alone would not do:
//! the compiler merges functions that are equal, and one of two names is lost.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use anyhow::{bail, ensure, Context, Result};
use wasmparser::{
    BinaryReader, ConstExpr, DataKind, ExternalKind, KnownCustom, Linking, Operator, Parser,
    Payload, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

/// What only the entry points lead to.
#[derive(Debug, Default, PartialEq)]
pub struct Later {
    /// The names of the functions, as in the module.
    pub functions: HashSet<String>,
    /// The addresses of the static data, in order, without overlaps.
    pub data: Vec<Range<u32>>,
    /// The entry points, by their demangled names, in order.
    pub entry_points: Vec<String>,
}

/// A function or a piece of static data, by its index among its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Node {
    Function(u32),
    Data(usize),
}

/// How one node uses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Call,
    Address,
}

#[derive(Default)]
struct Linked<'a> {
    imported: u32,
    /// Of each function that is defined here: where its body is in the code section.
    bodies: Vec<Range<usize>>,
    /// Of each segment: its address, and where its bytes are in the data section.
    segments: Vec<(u32, Range<usize>)>,
    code: &'a [u8],
    data: &'a [u8],
    exports: Vec<u32>,
    start: Option<u32>,
    symbols: Vec<SymbolInfo<'a>>,
    /// By section index.
    relocations: BTreeMap<u32, Vec<RelocationEntry>>,
    code_section: u32,
    data_section: u32,
}

/// Finds what only the entry points lead to. `wasm` is a linked module with its relocations;
/// `is_entry_point` knows one by its demangled name. Fails when one is called other than through a pointer,
/// for then it guards nothing.
pub fn later(wasm: &[u8], is_entry_point: impl Fn(&str) -> bool) -> Result<Later> {
    let linked = Linked::read(wasm)?;
    let mut names: BTreeMap<u32, &str> = BTreeMap::new();
    // Address, size and index among the symbols of each piece of data.
    let mut pieces: Vec<Range<u32>> = Vec::new();
    let mut piece_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, symbol) in linked.symbols.iter().enumerate() {
        match symbol {
            SymbolInfo::Func {
                index,
                name: Some(name),
                ..
            } => {
                names.insert(*index, name);
            }
            SymbolInfo::Data {
                symbol: Some(symbol),
                ..
            } => {
                let (base, _) = linked.segment(symbol.index)?;
                let start = base + symbol.offset;
                piece_of.insert(at, pieces.len());
                pieces.push(start..start + symbol.size);
            }
            _ => {}
        }
    }
    let entry_points: BTreeMap<u32, String> = names
        .iter()
        .map(|(index, name)| (*index, plain(name)))
        .filter(|(_, name)| is_entry_point(name))
        .collect();

    let edges = linked.edges(&pieces, &piece_of)?;
    let mut waiting: Vec<Node> = linked
        .exports
        .iter()
        .chain(&linked.start)
        .map(|i| Node::Function(*i))
        .collect();
    let mut first = HashSet::new();
    while let Some(node) = waiting.pop() {
        if !first.insert(node) {
            continue;
        }
        for (used, edge) in edges.get(&node).into_iter().flatten() {
            match used {
                Node::Function(index) if entry_points.contains_key(index) => ensure!(
                    *edge == Edge::Address,
                    "{} is called directly; an entry point must be called through a pointer",
                    entry_points[index]
                ),
                _ => waiting.push(*used),
            }
        }
    }

    let is_first = |index: &u32| first.contains(&Node::Function(*index));
    let kept: HashSet<&str> = names
        .iter()
        .filter(|(i, _)| is_first(i))
        .map(|(_, n)| *n)
        .collect();
    let functions = names
        .iter()
        .filter(|(index, name)| !is_first(index) && !kept.contains(*name))
        .map(|(_, name)| name.to_string())
        .collect();
    Ok(Later {
        functions,
        data: later_data(&pieces, |piece| first.contains(&Node::Data(piece))),
        entry_points: entry_points.into_values().collect(),
    })
}

/// The bytes that belong to pieces of which none is needed first.
fn later_data(pieces: &[Range<u32>], is_first: impl Fn(usize) -> bool) -> Vec<Range<u32>> {
    let mut order: Vec<usize> = (0..pieces.len())
        .filter(|at| !pieces[*at].is_empty())
        .collect();
    order.sort_by_key(|at| (pieces[*at].start, pieces[*at].end));
    // Pieces that overlap (one string may be the end of another) go together.
    let mut groups: Vec<(Range<u32>, bool)> = Vec::new();
    for at in order {
        let piece = &pieces[at];
        match groups
            .last_mut()
            .filter(|(group, _)| piece.start < group.end)
        {
            Some((group, first)) => {
                group.end = group.end.max(piece.end);
                *first |= is_first(at);
            }
            None => groups.push((piece.clone(), is_first(at))),
        }
    }
    let mut out: Vec<Range<u32>> = Vec::new();
    for (range, _) in groups.into_iter().filter(|(_, first)| !first) {
        match out.last_mut().filter(|last| last.end == range.start) {
            Some(last) => last.end = range.end,
            None => out.push(range),
        }
    }
    out
}

impl<'a> Linked<'a> {
    fn read(wasm: &'a [u8]) -> Result<Linked<'a>> {
        let mut linked = Linked::default();
        // Custom sections do not count in the relocations' section numbers, but the linker
        // numbers all sections in the order of the file.
        let mut section = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::Version { .. } | Payload::End(_) => {}
                Payload::CodeSectionEntry(body) => {
                    let start = body.range().start - offset(wasm, linked.code);
                    linked
                        .bodies
                        .push(start..body.range().end - offset(wasm, linked.code));
                }
                payload => {
                    linked.section(payload, section, wasm)?;
                    section += 1;
                }
            }
        }
        ensure!(
            !linked.symbols.is_empty() && !linked.relocations.is_empty(),
            "the module has no relocations: the linker needs --emit-relocs"
        );
        Ok(linked)
    }

    fn section(&mut self, payload: Payload<'a>, number: u32, wasm: &'a [u8]) -> Result<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if let TypeRef::Func(_) = import?.ty {
                        self.imported += 1;
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.exports.push(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::CodeSectionStart { range, .. } => {
                self.code_section = number;
                self.code = &wasm[range];
            }
            Payload::DataSection(reader) => {
                self.data_section = number;
                self.data = &wasm[reader.range()];
                let base = reader.range().start;
                for segment in reader {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        bail!("a data segment is not active");
                    };
                    let end = segment.range.end - base;
                    let bytes = end - segment.data.len()..end;
                    self.segments.push((constant(&offset_expr)?, bytes));
                }
            }
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Linking(linking) => {
                    for part in linking.subsections() {
                        if let Linking::SymbolTable(symbols) = part? {
                            self.symbols = symbols.into_iter().collect::<Result<_, _>>()?;
                        }
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    let entries = relocations
                        .entries()
                        .into_iter()
                        .collect::<Result<_, _>>()?;
                    self.relocations
                        .insert(relocations.section_index(), entries);
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn segment(&self, index: u32) -> Result<&(u32, Range<usize>)> {
        self.segments
            .get(index as usize)
            .context("a symbol lies in no segment")
    }

    /// Who uses what.
    fn edges(
        &self,
        pieces: &[Range<u32>],
        piece_of: &BTreeMap<usize, usize>,
    ) -> Result<BTreeMap<Node, Vec<(Node, Edge)>>> {
        let mut edges: BTreeMap<Node, Vec<(Node, Edge)>> = BTreeMap::new();
        // Several symbols may cover the same bytes; an address in them makes all of them users.
        let mut by_start: Vec<usize> = (0..pieces.len()).collect();
        by_start.sort_by_key(|at| pieces[*at].start);
        let longest = pieces.iter().map(|piece| piece.len()).max().unwrap_or(0) as u32;
        for (section, entries) in &self.relocations {
            let code = *section == self.code_section;
            if !code && *section != self.data_section {
                continue;
            }
            for entry in entries {
                let Some((used, edge)) = self.target(entry, code, pieces, piece_of)? else {
                    continue;
                };
                let at = entry.offset as usize;
                if code {
                    let body = self.bodies.partition_point(|body| body.end <= at);
                    let inside = self.bodies.get(body).is_some_and(|body| body.contains(&at));
                    ensure!(inside, "a relocation of the code lies in no function");
                    let user = Node::Function(self.imported + body as u32);
                    edges.entry(user).or_default().push((used, edge));
                } else {
                    let segment = self.segments.iter().find(|(_, bytes)| bytes.contains(&at));
                    let (base, bytes) =
                        segment.context("a relocation of the data lies in no segment")?;
                    let address = base + (at - bytes.start) as u32;
                    let from = by_start.partition_point(|p| pieces[*p].start + longest <= address);
                    let users = by_start[from..]
                        .iter()
                        .take_while(|p| pieces[**p].start <= address);
                    let users: Vec<_> = users.filter(|p| pieces[**p].contains(&address)).collect();
                    ensure!(
                        !users.is_empty(),
                        "a relocation of the data lies in no symbol"
                    );
                    for piece in users {
                        edges
                            .entry(Node::Data(*piece))
                            .or_default()
                            .push((used, edge));
                    }
                }
            }
        }
        Ok(edges)
    }

    /// What a relocation points at, if that is a function or data. What is written at its place
    /// is compared with it, so that a linker that counts otherwise is noticed.
    fn target(
        &self,
        entry: &RelocationEntry,
        code: bool,
        pieces: &[Range<u32>],
        piece_of: &BTreeMap<usize, usize>,
    ) -> Result<Option<(Node, Edge)>> {
        use RelocationType as Kind;
        let edge = match entry.ty {
            Kind::FunctionIndexLeb => Edge::Call,
            Kind::TableIndexSleb | Kind::TableIndexI32 => Edge::Address,
            Kind::MemoryAddrLeb | Kind::MemoryAddrSleb | Kind::MemoryAddrI32 => Edge::Address,
            Kind::TypeIndexLeb | Kind::GlobalIndexLeb | Kind::TableNumberLeb => return Ok(None),
            other => bail!("a relocation of the kind {other:?} is not known here"),
        };
        let bytes = if code { self.code } else { self.data };
        let mut written =
            BinaryReader::new(bytes.get(entry.offset as usize..).unwrap_or_default(), 0);
        let symbol = entry.index as usize;
        match self.symbols.get(symbol) {
            Some(SymbolInfo::Func { index, .. }) => {
                if edge == Edge::Call {
                    let found = written.read_var_u32()?;
                    ensure!(found == *index, "a call is written as {found}, not {index}");
                }
                Ok(Some((Node::Function(*index), edge)))
            }
            Some(SymbolInfo::Data { .. }) => {
                // A symbol that is defined nowhere (a weak one) has the address 0.
                let Some(piece) = piece_of.get(&symbol) else {
                    return Ok(None);
                };
                let address = (pieces[*piece].start as i64 + entry.addend) as u32;
                let found = match entry.ty {
                    Kind::MemoryAddrLeb => written.read_var_u32()?,
                    Kind::MemoryAddrSleb => written.read_var_i32()? as u32,
                    _ => written.read_u32()?,
                };
                ensure!(
                    found == address,
                    "an address is written as {found}, not {address}"
                );
                Ok(Some((Node::Data(*piece), edge)))
            }
            _ => bail!("a relocation points at neither a function nor data"),
        }
    }
}

fn offset(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

fn constant(expression: &ConstExpr) -> Result<u32> {
    match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value as u32),
        _ => bail!("a data segment's address is not a constant"),
    }
}

/// A mangled name in its readable form, without the crates' hashes:
/// `_RNvNtCs5l0EXMQXRMU_7tieline12entry_points7history` gives `tieline::entry_points::history`.
fn plain(name: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(name))
}
