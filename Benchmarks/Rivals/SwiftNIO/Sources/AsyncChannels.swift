// SPDX-License-Identifier: MIT
import NIOCore
import NIOPosix

/// With async/await: a task per connection.
func serveWithAsyncChannels(on group: any EventLoopGroup) async throws {
    let listener = try await makeServerBootstrap(on: group).bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
            try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
    }
    announce(listener.channel)
    try await withThrowingDiscardingTaskGroup { tasks in
        try await listener.executeThenClose { connections in
            for try await connection in connections {
                tasks.addTask { await answer(connection) }
            }
        }
    }
}

private func answer(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
    try? await connection.executeThenClose { inbound, outbound in
        for try await bytes in inbound { try await outbound.write(bytes) }
    }
}
