//! Lines of code, indented.

use alloc::string::String;

/// Code under way.
pub struct Writer {
    text: String,
    unit: &'static str,
    depth: usize,
}

impl Writer {
    /// Nothing yet; `unit` is one step of indentation.
    pub fn new(unit: &'static str) -> Writer {
        Writer {
            text: String::new(),
            unit,
            depth: 0,
        }
    }

    /// Writes lines at the present indentation; further lines of a text are not touched, since they can be
    /// within a literal.
    pub fn line(&mut self, text: &str) {
        if !text.is_empty() {
            for _ in 0..self.depth {
                self.text.push_str(self.unit);
            }
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// Writes a line of these pieces.
    pub fn pieces(&mut self, pieces: &[&str]) {
        self.line(&pieces.concat());
    }

    /// Indents what `inner` writes.
    pub fn inside(&mut self, inner: impl FnOnce(&mut Writer)) {
        self.depth += 1;
        inner(self);
        self.depth -= 1;
    }

    /// A block: a line, what is in it, and its last line.
    pub fn block(&mut self, open: &str, close: &str, inner: impl FnOnce(&mut Writer)) {
        self.line(open);
        self.inside(inner);
        self.line(close);
    }

    /// The code.
    pub fn end(self) -> String {
        self.text
    }
}
