# SPDX-License-Identifier: MIT
require "./echo"
require "./processes"

case ARGV[0]
when "echo"               then echo
when "processes"          then run(ARGV[1].to_i, ARGV[2].to_i, ARGV[3])
when "processes-captured" then capture(ARGV[1].to_i, ARGV[2])
else                           abort "no such workload: #{ARGV[0]}"
end
