// SPDX-License-Identifier: MIT
mod channels;
mod echo;
mod measure;
mod skynet;
mod sleepers;
mod tasks;

/// One thread, since there is one core. What is measured is a task as all others: who blocks on the runtime is slower.
fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(runtime.spawn(run())).unwrap();
}

async fn run() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| arguments[index].parse::<usize>().unwrap();
    match arguments[0].as_str() {
        "echo" => echo::serve().await,
        "switch" => tasks::measure_switch(number(1)).await,
        "spawn" => tasks::measure_spawn(number(1)).await,
        "condition" => tasks::measure_condition().await,
        "channel-0:mpsc-1" => channels::measure_round_trip().await,
        "channel-32" => channels::measure_stream().await,
        "skynet" => skynet::measure(number(1)).await,
        "sleepers" => sleepers::measure(number(1), number(2)).await,
        workload => panic!("no such workload: {workload}"),
    }
}
