// SPDX-License-Identifier: MIT
// Boost.Asio with the coroutines of C++20: one coroutine and one buffer per connection.
#include <array>
#include <cstdio>
#include <utility> // Boost 1.74 forgets to

#include <boost/asio.hpp>

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::use_awaitable;

static asio::awaitable<void> answer(tcp::socket connection) {
    std::array<char, 16384> buffer;
    try {
        while (true) {
            const auto count = co_await connection.async_read_some(asio::buffer(buffer), use_awaitable);
            co_await asio::async_write(connection, asio::buffer(buffer, count), use_awaitable);
        }
    } catch (const boost::system::system_error &) {
        // the client has left
    }
}

static asio::awaitable<void> serve(tcp::acceptor acceptor) {
    while (true) {
        tcp::socket connection = co_await acceptor.async_accept(use_awaitable);
        connection.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), answer(std::move(connection)), asio::detached);
    }
}

int main() {
    asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    acceptor.listen(4096);
    std::printf("%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    asio::co_spawn(context, serve(std::move(acceptor)), asio::detached);
    context.run();
}
