// SPDX-License-Identifier: MIT

/// What each program prints, where that is always the same.
let exactOutputs = [
    // "Asynchronous Programming"
    "scheduleTask": "scheduled\ndone\nthe next input",
    "waitForTask": "done\nthe next input",
    "spawnTask": "spawned\ndone",
    "takeFromProducer": "\"start\"\n2\n4\n6\n8\n\"stop\"",
    "loopOverProducer": "start\n2\n4\n6\n8\nstop",
    "passArgumentToTask": "my task got 7",
    "passArgumentToProducer": "[7, 14, 21]",
    "workBetweenChannels": "1\n4\n9\n16\n25\n36",
    "constructChannels": "Channel<Any>(32) (empty)\nChannel<String>(64) (empty)",
    "overfillChannel": "Channel<Int>(1) (3 items available)\n[1, 2, 3]",
    "putIntoClosedChannel": "Channel is closed.",
    "takeFromClosedChannel": "1\n1\n1\nChannel is closed.",
    "bindResultsToWorker": "1\n4\nno more results: job 3 is too hard",
    "pingPong": "ping 1\npong\nping 2\npong\nping 3\npong",
    "queryTasks": "false false\nFiber \"asked\" (runnable, started)\ntrue false\ntrue true",
    "keepTaskLocalValues": "Swift\nJulia\nfiber \"other\" has no value for FiberLocal<String> \"language\"",
    "waitForProcess": "another task runs meanwhile\nexited with status 3",
    "waitInsideRead": "reading\nanother task writes\nhello",
    "waitForCondition": "[waiting, waiting] 2 [queued, queued]\ntask 1 got news\ntask 2 got news",
    "waitInTaskEnteredByHand": "entered by a switch\nrestarted by its timer\nscheduled by the task",
    // "Control Flow", 2014
    "consumeFromProducer": "\"start\"\n2\n4\n6\n8\n\"stop\"",
    "loopOverTask": "start\n2\n4\n6\n8\nstop",
    "parameterizeProducer": "[7, 6, 5, 4, 3, 2, 1, 0]",
    "produceBySwitching": "2\n4\n6\n8\ndone",
    "visitTaskStates": "runnable\nqueued\nwaiting\ndone\nfailed",
    // API page
    "makeTaskOfFunction": "runnable false",
    "makeTaskOfExpression": "false\ntrue 500500",
    "askWhetherDone": "false\ntrue",
    "askWhetherStarted": "false",
    "scheduleAndYield": "false\nfalse\ntrue true",
    "mapIntoStore": "[1, 4, 9, 16, 25]",
    "waitForGroup": "task 1\ntask 2\nboth are done",
    "waitWithLimit": "timedOut\nok",
    "waitUntilConditionHolds": "woken for good at 3",
    "limitWithSemaphore": "100 calls, at most 2 at a time",
    "lockAndUnlock": "10 false",
    "lockAroundClosure": "true\n42 false",
    "lockWithBackOff": "acquired\ntimeout after 100 spins",
    "lockValue": "1-element Array<Int>: [1]",
    "makeChannels": "Channel<Any>(0) (empty)\nChannel<Any>(unbounded) (empty)\nChannel<Any>(8) (empty)",
    "fillChannelFromTask": "Channel<Any>\ni = 1\ni = 2\ni = 3\ni = 4",
    "keepReferenceToTask": "false\nHello\ntrue",
    "collectCharacters": "Channel<Character>(1) (2 items available)\n\"hello world\"",
    "waitForChannel": "false\nfalse\ntrue",
    "putAndTakeBuffered": "1",
    "putAndTakeUnbuffered": "1",
    "askWhetherReady": "false\ntrue",
    "askWhetherReadyUnbuffered": "false\ntrue\n1",
    "fetchFromChannel": "1\n[1, 2, 3]",
    "bindChannel": "i = 1\ni = 2\ni = 3\ni = 4\nfalse",
    "notifyOneWayEvent": "notifying...\ndone",
    "waitForOneWayEvent": "waiting...\nnotifying...\ndone",
]

/// What it looks like otherwise, because of addresses, numbers of fibers, or lines of the source.
let outputPatterns = [
    "createTask": #"Fiber #\d+ \(runnable\)\nstarted: false"#,
    "askWhetherFailed": #"Unhandled error in fiber #\d+, spawned at JuliaManual/Tasks.swift:\d+: the task failed\n"#
        + #"false\ntrue"#,
    "mapEachInItsTask": #"(ObjectIdentifier\(0x\w+\)\n){5}5 tasks"#,
    "mapInTwoTasks": #"(.*)\n(?!\1)(.*)\n\1\n\2\n\1\n2 tasks"#,
    "mapInBatches": #"element 1 of \[1, 2\], task (.*)\nelement 2 of \[1, 2\], task \1\n"#
        + #"element 3 of \[3, 4\], task (?!\1)(.*)\nelement 4 of \[3, 4\], task \2\nelement 5 of \[5\], task \1"#,
    "monitorErrors": #"Unhandled error in fiber "monitored", spawned at JuliaManual/Synchronization.swift:\d+: "#
        + #"the task failed"#,
    "bindChannelToFailingTask": #"1\nfiber "failing", spawned at JuliaManual/ChannelOperations.swift:\d+, failed: foo"#,
]
