// SPDX-License-Identifier: MIT
import NIOCore
import NIOPosix

@main
enum Rival {
    /// One event loop, since there is one core.
    static func main() async throws {
        NIOSingletons.groupLoopCountSuggestion = 1
        let group = MultiThreadedEventLoopGroup.singleton
        switch CommandLine.arguments[1] {
        case "echo": try await serveWithHandlers(on: group)
        case "echo:async": try await serveWithAsyncChannels(on: group)
        case "echo:async-on-loop":
            // Tasks run on the thread of the event loop, too, so that nothing crosses threads.
            NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
            try await serveWithAsyncChannels(on: group)
        case let workload: fatalError("no such workload: \(workload)")
        }
    }
}

/// A read never asks twice whether there is more.
func makeServerBootstrap(on group: any EventLoopGroup) -> ServerBootstrap {
    ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 4096)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.maxMessagesPerRead, value: 1)
}

func announce(_ channel: any Channel) {
    print(channel.localAddress?.port ?? 0)
    fflush(nil)
}
