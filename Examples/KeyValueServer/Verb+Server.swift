// SPDX-License-Identifier: MIT
import Fibers

extension Verb {
    static let ofChannels: [Verb] = [
        Verb("subscribe", -2) { client in
            .each(
                client.words(from: 1).map { channel in
                    client.service.hub.add(client, to: channel)
                    return client.confirmation("subscribe", channel)
                })
        },
        Verb("unsubscribe", -1) { client in
            let channels = client.request.count > 1 ? client.words(from: 1) : Array(client.channels)
            guard !channels.isEmpty else { return client.confirmation("unsubscribe", nil) }
            return .each(
                channels.map { channel in
                    client.service.hub.remove(client, from: channel)
                    return client.confirmation("unsubscribe", channel)
                })
        },
        Verb("publish", 3) { client in .integer(client.service.hub.publish(client[2], to: client[1])) },
    ]

    static let ofTheServer: [Verb] = [
        Verb("ping", -1) { client in
            guard client.request.count < 3 else { throw wrongArity("ping") }
            let text = client.words(from: 1).first
            guard client.channels.isEmpty else { return .bulks([Bytes("pong"), text ?? Bytes("")]) }
            return text.map { .bulk($0) } ?? .line("PONG")
        },
        Verb("echo", 2) { client in .bulk(client[1]) },
        Verb("quit", -1) { client in .ok { client.isQuitting = true } },
        Verb("select", 2) { client in
            try client.integer(1) == 0 ? .line("OK") : .error("ERR DB index is out of range")
        },
        Verb("info", -1) { client in .text(client.service.information) },
        Verb("command", -1) { client in
            let subcommand = client.request.count > 1 ? client.keyword(1) : ""
            if subcommand == "COUNT" { return .integer(all.count) }
            return .array(subcommand == "DOCS" ? [] : all.map { .array([.text($0.name), .integer($0.arity)]) })
        },
        Verb("config", -3) { client in
            guard client.keyword(1) == "GET" else { throw client.unknownSubcommand("CONFIG") }
            let known = ["appendonly": "no", "databases": "1", "save": ""]
            let names = client.words(from: 2).map(\.description)
            return .array(names.flatMap { name in known[name].map { [.text(name), .text($0)] } ?? [] })
        },
        Verb("client", -2) { client in
            switch (client.keyword(1), client.request.count) {
            case ("ID", 2): return .integer(client.number)
            case ("GETNAME", 2): return .bulk(client.name == Bytes("") ? nil : client.name)
            case ("SETNAME", 3): return .ok { client.name = client[2] }
            default: throw client.unknownSubcommand("CLIENT")
            }
        },
    ]
}

extension Client {
    fileprivate func confirmation(_ kind: String, _ channel: Bytes?) -> Reply {
        .array([.text(kind), .bulk(channel), .integer(channels.count)])
    }

    fileprivate func unknownSubcommand(_ name: String) -> CommandError {
        CommandError("ERR unknown subcommand '\(self[1])'. Try \(name) HELP.")
    }
}
