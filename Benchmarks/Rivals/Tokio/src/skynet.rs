// SPDX-License-Identifier: MIT
use crate::measure::peak_resident_bytes;
use std::future::Future;
use std::pin::Pin;
use std::time::Instant;
use tokio::sync::mpsc::{channel, Sender};

/// A tree of tasks, ten to a branch, that sum their numbers through channels.
pub async fn measure(leaves: usize) {
    let start = Instant::now();
    let (sender, mut results) = channel(1);
    tokio::spawn(sum(0, leaves, sender));
    let result = results.recv().await.unwrap();
    let nanoseconds = start.elapsed().as_nanos() as f64;
    assert_eq!(result, leaves * (leaves - 1) / 2);
    let leaves = leaves as f64;
    println!(
        "{} {}",
        nanoseconds / leaves,
        peak_resident_bytes() / leaves
    );
}

fn sum(
    first: usize,
    leaves: usize,
    result: Sender<usize>,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    if leaves == 1 {
        return Box::pin(async move { result.send(first).await.unwrap() });
    }
    Box::pin(async move {
        let (sender, mut parts) = channel(10);
        for branch in 0..10 {
            tokio::spawn(sum(
                first + branch * leaves / 10,
                leaves / 10,
                sender.clone(),
            ));
        }
        let mut total = 0;
        for _ in 0..10 {
            total += parts.recv().await.unwrap();
        }
        result.send(total).await.unwrap();
    })
}
