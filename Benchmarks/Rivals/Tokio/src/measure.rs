// SPDX-License-Identifier: MIT
use std::future::Future;

fn resource_usage() -> libc::rusage {
    let mut usage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    usage
}

/// Nanoseconds of CPU that the process has used.
pub fn process_time() -> f64 {
    let nanoseconds = |time: libc::timeval| time.tv_sec as f64 * 1e9 + time.tv_usec as f64 * 1e3;
    let usage = resource_usage();
    nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
}

pub fn peak_resident_bytes() -> f64 {
    resource_usage().ru_maxrss as f64 * 1024.0
}

pub fn resident_bytes() -> f64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: f64 = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as f64
}

/// Prints what an operation takes, after a tenth of them to warm up.
pub async fn measure<F>(operations: usize, body: impl Fn(usize) -> F)
where
    F: Future,
{
    body(operations / 10).await;
    let start = process_time();
    body(operations).await;
    println!("{}", (process_time() - start) / operations as f64);
}
