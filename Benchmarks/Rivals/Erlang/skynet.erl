%% SPDX-License-Identifier: MIT
-module(skynet).
-export([measure/1]).

%% A tree of processes, ten to a branch, that sum their numbers by messages.
measure(Leaves) ->
    Start = erlang:monotonic_time(nanosecond),
    Parent = self(),
    spawn(fun() -> sum(0, Leaves, Parent) end),
    Result = Leaves * (Leaves - 1) div 2,
    receive Result -> ok end,
    Nanoseconds = erlang:monotonic_time(nanosecond) - Start,
    measuring:print([Nanoseconds / Leaves, measuring:peak_resident_bytes() / Leaves]).

sum(First, 1, Parent) -> Parent ! First;
sum(First, Leaves, Parent) ->
    Branch = self(),
    Size = Leaves div 10,
    [spawn(fun() -> sum(First + Number * Size, Size, Branch) end) || Number <- lists:seq(0, 9)],
    Parent ! total(10, 0).

total(0, Sum) -> Sum;
total(Left, Sum) -> receive Part -> total(Left - 1, Sum + Part) end.
