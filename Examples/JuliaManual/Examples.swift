// SPDX-License-Identifier: MIT

/// A program of the manual, under the name of its function.
typealias Example = (name: String, run: @Sendable () throws -> Void)

/// In the order of the documents.
let examples: [Example] = [
    // AsynchronousProgramming/BasicTaskOperations.swift
    ("createTask", createTask),
    ("scheduleTask", scheduleTask),
    ("waitForTask", waitForTask),
    ("spawnTask", spawnTask),
    // AsynchronousProgramming/CommunicatingWithChannels.swift
    ("takeFromProducer", takeFromProducer),
    ("loopOverProducer", loopOverProducer),
    ("passArgumentToTask", passArgumentToTask),
    ("passArgumentToProducer", passArgumentToProducer),
    // AsynchronousProgramming/MoreOnChannels.swift
    ("workBetweenChannels", workBetweenChannels),
    ("constructChannels", constructChannels),
    ("overfillChannel", overfillChannel),
    ("putIntoClosedChannel", putIntoClosedChannel),
    ("takeFromClosedChannel", takeFromClosedChannel),
    // AsynchronousProgramming/JobsAndResults.swift
    ("shareJobs", shareJobs),
    ("bindResultsToWorker", bindResultsToWorker),
    // AsynchronousProgramming/MoreTaskOperations.swift
    ("pingPong", pingPong),
    ("queryTasks", queryTasks),
    ("keepTaskLocalValues", keepTaskLocalValues),
    // AsynchronousProgramming/TasksAndEvents.swift
    ("waitForProcess", waitForProcess),
    ("waitInsideRead", waitInsideRead),
    ("waitForCondition", waitForCondition),
    ("waitInTaskEnteredByHand", waitInTaskEnteredByHand),
    // ControlFlow/ProduceAndConsume.swift
    ("consumeFromProducer", consumeFromProducer),
    ("loopOverTask", loopOverTask),
    ("parameterizeProducer", parameterizeProducer),
    ("produceBySwitching", produceBySwitching),
    // ControlFlow/TaskStates.swift
    ("visitTaskStates", visitTaskStates),
    // TasksReference/Tasks.swift
    ("makeTaskOfFunction", makeTaskOfFunction),
    ("makeTaskOfExpression", makeTaskOfExpression),
    ("askWhetherDone", askWhetherDone),
    ("askWhetherStarted", askWhetherStarted),
    ("askWhetherFailed", askWhetherFailed),
    ("scheduleAndYield", scheduleAndYield),
    // TasksReference/AsyncMap.swift
    ("mapEachInItsTask", mapEachInItsTask),
    ("mapInTwoTasks", mapInTwoTasks),
    ("mapInBatches", mapInBatches),
    ("mapIntoStore", mapIntoStore),
    // TasksReference/Synchronization.swift
    ("monitorErrors", monitorErrors),
    ("waitForGroup", waitForGroup),
    ("waitWithLimit", waitWithLimit),
    ("waitUntilConditionHolds", waitUntilConditionHolds),
    ("limitWithSemaphore", limitWithSemaphore),
    // TasksReference/Locks.swift
    ("lockAndUnlock", lockAndUnlock),
    ("lockAroundClosure", lockAroundClosure),
    ("lockWithBackOff", lockWithBackOff),
    ("lockValue", lockValue),
    // TasksReference/ChannelConstructors.swift
    ("makeChannels", makeChannels),
    ("fillChannelFromTask", fillChannelFromTask),
    ("keepReferenceToTask", keepReferenceToTask),
    ("collectCharacters", collectCharacters),
    // TasksReference/ChannelOperations.swift
    ("waitForChannel", waitForChannel),
    ("putAndTakeBuffered", putAndTakeBuffered),
    ("putAndTakeUnbuffered", putAndTakeUnbuffered),
    ("askWhetherReady", askWhetherReady),
    ("askWhetherReadyUnbuffered", askWhetherReadyUnbuffered),
    ("fetchFromChannel", fetchFromChannel),
    ("bindChannel", bindChannel),
    ("bindChannelToFailingTask", bindChannelToFailingTask),
    // TasksReference/OneWayEvent.swift
    ("notifyOneWayEvent", notifyOneWayEvent),
    ("waitForOneWayEvent", waitForOneWayEvent),
]
