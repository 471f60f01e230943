# SPDX-License-Identifier: MIT
require "./echo"

case ARGV[0]
when "echo" then echo
else             abort "no such workload: #{ARGV[0]}"
end
