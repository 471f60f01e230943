%% SPDX-License-Identifier: MIT
-module(echo).
-export([serve/0]).

%% One process per connection.
serve() ->
    Options = [
        binary, {ip, {127, 0, 0, 1}}, {backlog, 4096}, {active, false}, {nodelay, true}, {buffer, 16384}
    ],
    {ok, Listener} = gen_tcp:listen(0, Options),
    {ok, Port} = inet:port(Listener),
    io:format("~b~n", [Port]),
    accept(Listener).

accept(Listener) ->
    {ok, Socket} = gen_tcp:accept(Listener),
    Process = spawn(fun() -> receive begin_now -> answer(Socket) end end),
    ok = gen_tcp:controlling_process(Socket, Process),
    Process ! begin_now,
    accept(Listener).

answer(Socket) ->
    case gen_tcp:recv(Socket, 0) of
        {ok, Bytes} ->
            case gen_tcp:send(Socket, Bytes) of
                ok -> answer(Socket);
                {error, _} -> gen_tcp:close(Socket)
            end;
        {error, _} ->
            gen_tcp:close(Socket)
    end.
