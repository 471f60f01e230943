# SPDX-License-Identifier: MIT
require "socket"

# One fiber and one buffer per connection; reads and writes go to the kernel directly.
def echo
  server = TCPServer.new("127.0.0.1", 0, backlog: 4096)
  puts server.local_address.port
  STDOUT.flush
  while client = server.accept?
    client.tcp_nodelay = true
    client.sync = true
    client.read_buffering = false
    spawn answer(client)
  end
end

def answer(client)
  buffer = Bytes.new(16384)
  while (count = client.read(buffer)) > 0
    client.write(buffer[0, count])
  end
rescue IO::Error
ensure
  client.close
end
