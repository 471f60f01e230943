// SPDX-License-Identifier: MIT
import CFibers

extension Command.ProcessGroup {
    var planned: fibers_spawn_group {
        switch self {
        case .inherit: FIBERS_SPAWN_SAME_GROUP
        case .own: FIBERS_SPAWN_NEW_GROUP
        case .ownSession: FIBERS_SPAWN_NEW_SESSION
        }
    }
}

extension Command.ResourceLimit {
    var planned: fibers_spawn_limit { fibers_spawn_limit(resource: resource.number, most: most) }
}

extension Command.ResourceLimit.Resource {
    fileprivate var number: CInt {
        switch self {
        case .cpuTime: fibers_limit_cpu_time
        case .addressSpace: fibers_limit_address_space
        case .fileSize: fibers_limit_file_size
        case .coreSize: fibers_limit_core_size
        case .openFiles: fibers_limit_open_files
        case .processes: fibers_limit_processes
        case .stackSize: fibers_limit_stack_size
        }
    }
}
