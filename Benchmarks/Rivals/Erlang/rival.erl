%% SPDX-License-Identifier: MIT
-module(rival).
-export([main/1]).

main([Workload | Numbers]) ->
    run(Workload, [list_to_integer(atom_to_list(Number)) || Number <- Numbers]).

run(echo, []) -> echo:serve().
