// SPDX-License-Identifier: MIT
mod echo;

fn main() {
    let workload = std::env::args().nth(1).expect("usage: rival WORKLOAD");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    match workload.as_str() {
        "echo" => runtime.block_on(echo::serve()),
        _ => panic!("no such workload: {workload}"),
    }
}
