// SPDX-License-Identifier: MIT
import NIOCore
import NIOPosix

func serveWithHandlers(on group: any EventLoopGroup) async throws {
    let channel = try await makeServerBootstrap(on: group)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answer()) }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    announce(channel)
    try await channel.closeFuture.get()
}

/// Writes what was read, and flushes once for all that came at a time.
private final class Answer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.write(data, promise: nil) }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
