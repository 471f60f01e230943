// SPDX-License-Identifier: MIT
use crate::measure::{process_time, resident_bytes};
use std::cell::Cell;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::{sleep_until, Instant};

thread_local! { static ASLEEP: Cell<usize> = Cell::new(0); }

/// Tasks that are asleep all at once, and wake within the second that begins `head_start` seconds from now.
pub async fn measure(count: usize, head_start: usize) {
    let before = resident_bytes();
    let start = Instant::now() + Duration::from_secs(head_start as u64);
    let tasks: Vec<_> = (0..count)
        .map(|index| {
            let scattered = (index as u32).wrapping_mul(2654435761) as u64;
            let end = start + Duration::from_nanos(scattered * 1_000_000_000 >> 32);
            tokio::spawn(async move {
                ASLEEP.with(|asleep| asleep.set(asleep.get() + 1));
                sleep_until(end).await;
            })
        })
        .collect();
    while ASLEEP.with(Cell::get) < count {
        yield_now().await;
    }
    let growth = resident_bytes() - before;
    assert!(Instant::now() < start, "too many to be asleep all at once");
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "{} {}",
        process_time() / count as f64,
        growth / count as f64
    );
}
