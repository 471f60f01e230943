// SPDX-License-Identifier: MIT
import net from "node:net";

// What does not leave at once holds up the reading until it has left.
function answer(socket) {
  socket.on("data", (bytes) => {
    if (!socket.write(bytes)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
}

export function echo() {
  const server = net.createServer({ noDelay: true }, answer);
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => console.log(server.address().port));
}
