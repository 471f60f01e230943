# SPDX-License-Identifier: MIT
require "./channels"
require "./echo"
require "./processes"
require "./tasks"

case ARGV[0]
when "echo"               then echo
when "switch"             then measure_switch ARGV[1].to_i
when "spawn"              then measure_spawn ARGV[1].to_i
when "channel-0"          then measure_round_trip
when "channel-32"         then measure_stream
when "processes"          then run ARGV[1].to_i, ARGV[2].to_i, ARGV[3]
when "processes-captured" then capture ARGV[1].to_i, ARGV[2]
else                           abort "no such workload: #{ARGV[0]}"
end
