# SPDX-License-Identifier: MIT

# Nanoseconds of CPU that the process has used.
def process_time
  times = Process.times
  (times.utime + times.stime) * 1e9
end

# Prints what an operation takes, after a tenth of them to warm up.
def measure(operations : Int32, & : Int32 ->)
  yield operations // 10
  start = process_time
  yield operations
  puts (process_time - start) / operations
end
