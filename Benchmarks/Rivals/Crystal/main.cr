# SPDX-License-Identifier: MIT
require "./channels"
require "./echo"
require "./tasks"

case ARGV[0]
when "echo"       then echo
when "switch"     then measure_switch ARGV[1].to_i
when "spawn"      then measure_spawn ARGV[1].to_i
when "channel-0"  then measure_round_trip
when "channel-32" then measure_stream
else                   abort "no such workload: #{ARGV[0]}"
end
