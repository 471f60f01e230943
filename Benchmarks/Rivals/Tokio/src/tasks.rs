// SPDX-License-Identifier: MIT
use crate::measure::measure;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::{yield_now, JoinHandle};

/// Tasks that do nothing but yield.
pub async fn measure_switch(count: usize) {
    measure(2_000_000, |operations| async move {
        let yields = move || async move {
            for _ in 0..operations / count {
                yield_now().await;
            }
        };
        let tasks: Vec<_> = (0..count).map(|_| tokio::spawn(yields())).collect();
        for task in tasks {
            task.await.unwrap();
        }
    })
    .await;
}

/// Tasks that return a number, so many before the first is waited for.
pub async fn measure_spawn(count: usize) {
    measure(1_000_000, |operations| async move {
        let mut tasks: Vec<JoinHandle<i32>> = Vec::with_capacity(count);
        for _ in 0..operations / count {
            tasks.extend((0..count).map(|_| tokio::spawn(async { 1 })));
            for task in tasks.drain(..) {
                task.await.unwrap();
            }
        }
    })
    .await;
}

/// Two tasks that notify each other and wait.
pub async fn measure_condition() {
    measure(1_000_000, |operations| async move {
        let (ping, pong) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (called, answer) = (ping.clone(), pong.clone());
        let partner = tokio::spawn(async move {
            for _ in 0..operations {
                called.notified().await;
                answer.notify_one();
            }
        });
        let caller = tokio::spawn(async move {
            for _ in 0..operations {
                ping.notify_one();
                pong.notified().await;
            }
        });
        caller.await.unwrap();
        partner.await.unwrap();
    })
    .await;
}
