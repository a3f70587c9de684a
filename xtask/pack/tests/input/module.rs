//! A small module with two entry points, compiled and linked by the test itself, as its input.
#![no_std]

use core::hint::black_box;
use core::sync::atomic::{AtomicU32, Ordering};

static COUNT: AtomicU32 = AtomicU32::new(7);
static NEEDED_FIRST: [u8; 300] = [0x41; 300];
static NEEDED_LATER: [u8; 300] = [0x42; 300];
static NEEDED_BY_BOTH: [u8; 300] = [0x43; 300];

trait Shape {
    fn area(&self, by: u32) -> u32;
}
struct Square(u32);
impl Shape for Square {
    #[inline(never)]
    fn area(&self, by: u32) -> u32 {
        self.0 * self.0 * by + sum(&NEEDED_LATER) + sum(&NEEDED_BY_BOTH)
    }
}

#[inline(never)]
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|b| *b as u32).sum()
}

mod entry_points {
    use super::*;
    pub fn square(side: u32) -> u32 {
        let square = Square(side);
        let shape: &dyn Shape = black_box(&square);
        shape.area(COUNT.fetch_add(1, Ordering::Relaxed))
    }
    pub fn direct(side: u32) -> u32 {
        side + 1
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn first(n: u32) -> u32 {
    n + sum(&NEEDED_FIRST) + sum(&NEEDED_BY_BOTH) + COUNT.load(Ordering::Relaxed)
}

#[unsafe(no_mangle)]
pub extern "C" fn through(side: u32) -> u32 {
    black_box(entry_points::square as fn(u32) -> u32)(side)
}

#[cfg(direct)]
#[unsafe(no_mangle)]
pub extern "C" fn directly(side: u32) -> u32 {
    #[inline(never)]
    fn call(side: u32) -> u32 {
        entry_points::direct(side)
    }
    call(side) + entry_points::square(side)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
