// SPDX-License-Identifier: MIT
import CFibers

extension TCPOptions {
    /// The form that the shim takes. The options are valid.
    var system: fibers_tcp_options {
        fibers_tcp_options(
            no_delay: noDelay,
            resets_on_close: resetsOnClose,
            keep_alive_idle: CInt(keepAlive?.idle.secondsRoundedUp ?? 0),
            keep_alive_interval: CInt(keepAlive?.interval.secondsRoundedUp ?? 0),
            keep_alive_count: CInt(keepAlive?.count ?? 0),
            send_buffer_size: CInt(sendBufferSize ?? 0),
            receive_buffer_size: CInt(receiveBufferSize ?? 0))
    }
}
