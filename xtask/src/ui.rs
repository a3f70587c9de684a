//! What the tasks say: every line starts with the time since the task began.

use std::cell::RefCell;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

static BEGAN: OnceLock<Instant> = OnceLock::new();

/// Starts the clock.
pub fn start() {
    BEGAN.get_or_init(Instant::now);
}

thread_local! {
    /// What this thread has said while its output is kept together.
    static BLOCK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Prints a line, or keeps it while this thread's output is kept together.
pub fn line(text: &str) {
    let kept = BLOCK.with_borrow_mut(|block| {
        let Some(block) = block else { return false };
        block.push_str(text);
        block.push('\n');
        true
    });
    if !kept {
        println!("{text}");
    }
}

/// Whether this thread's output is kept together.
pub fn in_block() -> bool {
    BLOCK.with_borrow(Option::is_some)
}

/// Runs something and gives what it said on this thread beside its result, so that what several
/// threads say is not mixed line by line.
pub fn block<T>(work: impl FnOnce() -> T) -> (T, String) {
    BLOCK.set(Some(String::new()));
    let result = work();
    (result, BLOCK.take().unwrap_or_default())
}

/// Prints a line, with the time since the start and the step it belongs to.
pub fn say(step: &str, text: &str) {
    let elapsed = BEGAN.get_or_init(Instant::now).elapsed();
    line(&format!("[{:>7}] {step}: {text}", clock(elapsed)));
}

/// A duration as people read it: `0.4 s`, `12 s`, `3:07`.
pub fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => format!("{:.1} s", time.as_secs_f32()),
        10..=99 => format!("{seconds} s"),
        _ => format!("{}:{:02}", seconds / 60, seconds % 60),
    }
}

/// Lays out rows in columns: the first column to the left, the others to the right.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let width = widths[column];
            if column == 0 {
                line.push_str(&format!("{cell:<width$}"));
            } else {
                line.push_str(&format!("  {cell:>width$}"));
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(clock(Duration::from_millis(430)), "0.4 s");
        assert_eq!(clock(Duration::from_secs(42)), "42 s");
        assert_eq!(clock(Duration::from_secs(187)), "3:07");
    }

    #[test]
    fn a_block_has_what_its_thread_said() {
        let (result, text) = block(|| {
            line("a");
            std::thread::scope(|scope| scope.spawn(|| assert!(!in_block())).join()).unwrap();
            line("b");
            7
        });
        assert_eq!((result, text.as_str()), (7, "a\nb\n"));
        assert!(!in_block());
    }

    #[test]
    fn columns_line_up() {
        let rows = [
            vec!["a".into(), "10".into()],
            vec!["long".into(), "7".into()],
        ];
        assert_eq!(table(&rows), "a     10\nlong   7\n");
        assert_eq!(table(&[]), "");
    }
}
