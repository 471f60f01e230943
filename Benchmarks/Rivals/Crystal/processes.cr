# SPDX-License-Identifier: MIT

# Children that run to their end, so many at once.
def run(count, at_once, path)
  measure_wall_time(count) do
    left = count
    done = Channel(Nil).new
    at_once.times do
      spawn do
        while (left -= 1) >= 0
          abort "a child failed" unless Process.run(path).success?
        end
        done.send nil
      end
    end
    at_once.times { done.receive }
  end
end

# Children whose output is read.
def capture(count, path)
  measure_wall_time(count) do
    count.times { Process.run(path, &.output.gets_to_end) }
  end
end

def measure_wall_time(operations, &)
  time = Time.measure { yield }
  puts time.total_nanoseconds / operations
end
