// SPDX-License-Identifier: MIT
// Boost.Fiber, on one thread, with pooled stacks for fibers that come and go.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/resource.h>
#include <vector>

#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

static fibers::pooled_fixedsize_stack stacks(65536);

/// Nanoseconds of CPU that the process has used.
static double process_time() {
    const auto nanoseconds = [](timeval time) { return time.tv_sec * 1e9 + time.tv_usec * 1e3; };
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

/// Prints what an operation takes, after a tenth of them to warm up.
template <typename Body> static void measure(int operations, Body body) {
    body(operations / 10);
    const double start = process_time();
    body(operations);
    std::printf("%f\n", (process_time() - start) / operations);
}

/// A fiber that waits in the queue until those before it have run.
template <typename Body> static fibers::fiber start(Body body) {
    return fibers::fiber(fibers::launch::post, std::allocator_arg, stacks, std::move(body));
}

static void measure_switch(int count) {
    measure(2000000, [count](int operations) {
        std::vector<fibers::fiber> all;
        for (int i = 0; i < count; i += 1) {
            all.push_back(start([=] {
                for (int lap = 0; lap < operations / count; lap += 1) boost::this_fiber::yield();
            }));
        }
        for (auto &fiber : all) fiber.join();
    });
}

static void measure_spawn(int count) {
    measure(1000000, [count](int operations) {
        std::vector<fibers::fiber> all;
        std::vector<int> results(count);
        for (int batch = 0; batch < operations / count; batch += 1) {
            for (int i = 0; i < count; i += 1) all.push_back(start([&results, i] { results[i] = 1; }));
            for (auto &fiber : all) fiber.join();
            all.clear();
        }
    });
}

static void measure_round_trip() {
    measure(1000000, [](int operations) {
        fibers::unbuffered_channel<int> ping, pong;
        auto partner = start([&] {
            for (int element : ping) pong.push(element);
        });
        for (int trip = 0; trip < operations; trip += 1) {
            ping.push(trip);
            pong.value_pop();
        }
        ping.close();
        partner.join();
    });
}

static void measure_stream() {
    measure(5000000, [](int operations) {
        fibers::buffered_channel<int> elements(32);
        auto producer = start([&] {
            for (int number = 0; number < operations; number += 1) elements.push(number);
            elements.close();
        });
        int element;
        while (elements.pop(element) == fibers::channel_op_status::success) {}
        producer.join();
    });
}

int main(int count, char **arguments) {
    const char *workload = count > 1 ? arguments[1] : "";
    const int number = count > 2 ? std::atoi(arguments[2]) : 0;
    if (std::strcmp(workload, "switch") == 0) measure_switch(number);
    else if (std::strcmp(workload, "spawn") == 0) measure_spawn(number);
    else if (std::strcmp(workload, "channel-0") == 0) measure_round_trip();
    else if (std::strcmp(workload, "channel-32") == 0) measure_stream();
    else return std::fprintf(stderr, "no such workload: %s\n", workload), 1;
}
