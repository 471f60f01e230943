%% SPDX-License-Identifier: MIT
-module(rival).
-export([main/1]).

main([Workload | Numbers]) ->
    run(Workload, [list_to_integer(atom_to_list(Number)) || Number <- Numbers]),
    halt().

run(echo, []) -> echo:serve();
run(switch, [Count]) -> tasks:measure_switch(Count);
run(spawn, [Count]) -> tasks:measure_spawn(Count);
run('channel-0:messages', []) -> tasks:measure_round_trip();
run(skynet, [Leaves]) -> skynet:measure(Leaves);
run(sleepers, [Count, HeadStart]) -> sleepers:measure(Count, HeadStart).
