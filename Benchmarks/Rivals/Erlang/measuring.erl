%% SPDX-License-Identifier: MIT
-module(measuring).
-export([measure/2, process_time/0, resident_bytes/0, peak_resident_bytes/0, print/1]).

%% Nanoseconds of CPU that the process of the system has used.
process_time() ->
    {Milliseconds, _} = statistics(runtime),
    Milliseconds * 1000000.

resident_bytes() -> status("VmRSS:").

peak_resident_bytes() -> status("VmHWM:").

status(Key) ->
    {ok, Text} = file:read_file("/proc/self/status"),
    {match, [Number]} = re:run(Text, Key ++ "\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(Number) * 1024.

print(Numbers) -> io:format("~s~n", [lists:join(" ", [io_lib:format("~f", [float(N)]) || N <- Numbers])]).

%% Prints what an operation takes, after a tenth of them to warm up.
measure(Operations, Body) ->
    Body(Operations div 10),
    Start = process_time(),
    Body(Operations),
    print([(process_time() - Start) / Operations]).
