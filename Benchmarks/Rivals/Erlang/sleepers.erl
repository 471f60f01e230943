%% SPDX-License-Identifier: MIT
-module(sleepers).
-export([measure/2]).

%% Processes that are asleep all at once, and wake within the second that begins HeadStart seconds from now.
measure(Count, HeadStart) ->
    Before = measuring:resident_bytes(),
    Start = erlang:monotonic_time(millisecond) + HeadStart * 1000,
    Parent = self(),
    start(Count, Start, Parent),
    collect(Count, asleep),
    Growth = measuring:resident_bytes() - Before,
    erlang:monotonic_time(millisecond) < Start orelse too_many(),
    collect(Count, awake),
    measuring:print([measuring:process_time() / Count, Growth / Count]).

start(0, _, _) -> ok;
start(Left, Start, Parent) ->
    End = Start + ((((Left * 2654435761) band 16#ffffffff) * 1000) bsr 32),
    spawn(fun() ->
        Parent ! asleep,
        receive after max(0, End - erlang:monotonic_time(millisecond)) -> Parent ! awake end
    end),
    start(Left - 1, Start, Parent).

collect(0, _) -> ok;
collect(Left, Expected) ->
    receive
        Expected -> collect(Left - 1, Expected);
        _ -> too_many()
    end.

too_many() ->
    io:format(standard_error, "too many to be asleep all at once~n", []),
    halt(1).
