// SPDX-License-Identifier: MIT
// The programs of Julia's manual in Swift. `../README.md` says which is which.
//
//     swift run JuliaManual               runs all
//     swift run JuliaManual list          lists their names
//     swift run JuliaManual pingPong      runs one

import Fibers
import Foundation

switch CommandLine.arguments.dropFirst().first {
case nil:
    for example in examples {
        print("\n\(example.name)")
        try example.run()
    }
case "list":
    for example in examples { print(example.name) }
case let name?:
    guard let example = examples.first(where: { $0.name == name }) else {
        print("there is no example \(name); `list` lists them")
        exit(1)
    }
    try example.run()
}
