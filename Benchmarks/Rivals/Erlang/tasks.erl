%% SPDX-License-Identifier: MIT
-module(tasks).
-export([measure_switch/1, measure_spawn/1, measure_round_trip/0]).

%% Processes that do nothing but yield.
measure_switch(Count) ->
    measuring:measure(5000000, fun(Operations) ->
        Parent = self(),
        Laps = Operations div Count,
        [spawn(fun() -> yields(Laps), Parent ! done end) || _ <- lists:seq(1, Count)],
        [receive done -> ok end || _ <- lists:seq(1, Count)]
    end).

yields(0) -> ok;
yields(Laps) ->
    erlang:yield(),
    yields(Laps - 1).

%% Processes that send a number, so many before the first is waited for.
measure_spawn(Count) ->
    measuring:measure(2000000, fun(Operations) -> batches(Operations div Count, lists:seq(1, Count)) end).

batches(0, _) -> ok;
batches(Left, Batch) ->
    Parent = self(),
    [spawn(fun() -> Parent ! 1 end) || _ <- Batch],
    [receive 1 -> ok end || _ <- Batch],
    batches(Left - 1, Batch).

%% A message in each direction. Nothing holds up who sends.
measure_round_trip() ->
    measuring:measure(2000000, fun(Operations) ->
        Partner = spawn(fun answer/0),
        ask(Partner, Operations),
        Partner ! stop
    end).

answer() ->
    receive
        {Sender, Element} ->
            Sender ! Element,
            answer();
        stop ->
            ok
    end.

ask(_, 0) -> ok;
ask(Partner, Trip) ->
    Partner ! {self(), Trip},
    receive Trip -> ok end,
    ask(Partner, Trip - 1).
