# SPDX-License-Identifier: MIT
require "./measure"

# Fibers that do nothing but yield.
def measure_switch(count)
  measure(2_000_000) do |operations|
    done = Channel(Nil).new(count)
    count.times do
      spawn do
        (operations // count).times { Fiber.yield }
        done.send nil
      end
    end
    count.times { done.receive }
  end
end

# Fibers that hand over a number, so many before the first is waited for.
def measure_spawn(count)
  measure(1_000_000) do |operations|
    (operations // count).times do
      results = Array.new(count) do
        result = Channel(Int32).new(1)
        spawn { result.send 1 }
        result
      end
      results.each &.receive
    end
  end
end
