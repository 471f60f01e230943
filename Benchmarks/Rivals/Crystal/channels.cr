# SPDX-License-Identifier: MIT
require "./measure"

# A send and a receive in each direction, through two channels without buffers.
def measure_round_trip
  measure(1_000_000) do |operations|
    ping, pong = Channel(Int32).new, Channel(Int32).new
    spawn do
      while element = ping.receive?
        pong.send element
      end
    end
    operations.times do |trip|
      ping.send trip
      pong.receive
    end
    ping.close
  end
end

# An element through a channel with room for 32.
def measure_stream
  measure(5_000_000) do |operations|
    elements = Channel(Int32).new(32)
    spawn do
      operations.times { |number| elements.send number }
      elements.close
    end
    while elements.receive?
    end
  end
end
