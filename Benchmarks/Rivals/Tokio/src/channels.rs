// SPDX-License-Identifier: MIT
use crate::measure::measure;
use tokio::sync::mpsc;

/// A send and a receive in each direction. Tokio has no channel without room: these hold one element.
pub async fn measure_round_trip() {
    measure(1_000_000, |operations| async move {
        let (ping, mut pings) = mpsc::channel(1);
        let (pong, mut pongs) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(element) = pings.recv().await {
                pong.send(element).await.unwrap();
            }
        });
        let caller = tokio::spawn(async move {
            for trip in 0..operations {
                ping.send(trip).await.unwrap();
                pongs.recv().await.unwrap();
            }
        });
        caller.await.unwrap();
    })
    .await;
}

/// An element through a channel with room for 32.
pub async fn measure_stream() {
    measure(5_000_000, |operations| async move {
        let (sender, mut elements) = mpsc::channel(32);
        tokio::spawn(async move {
            for number in 0..operations {
                sender.send(number).await.unwrap();
            }
        });
        let receiver = tokio::spawn(async move { while elements.recv().await.is_some() {} });
        receiver.await.unwrap();
    })
    .await;
}
