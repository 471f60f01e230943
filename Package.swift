// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "swift-fibers",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Fibers", targets: ["Fibers"]),
        .library(name: "FibersTLS", targets: ["FibersTLS"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        // Of the examples only.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.3.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibuv",
            pkgConfig: "libuv",
            providers: [.apt(["libuv1-dev"]), .brew(["libuv"])]
        ),
        .target(name: "CFibers", dependencies: ["CLibuv"]),
        .target(
            name: "Fibers",
            dependencies: ["CFibers", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: swiftSettings
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .target(name: "CFibersTLS", dependencies: ["COpenSSL"]),
        .target(
            name: "FibersTLS",
            dependencies: ["Fibers", "CFibersTLS", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: swiftSettings
        ),
        .executableTarget(name: "Tour", dependencies: ["Fibers"], path: "Examples/Tour", swiftSettings: swiftSettings),
        .executableTarget(
            name: "EchoServer", dependencies: ["Fibers"], path: "Examples/EchoServer", swiftSettings: swiftSettings),
        .executableTarget(
            name: "ParallelEchoServer",
            dependencies: ["Fibers", .product(name: "SystemPackage", package: "swift-system")],
            path: "Examples/ParallelEchoServer", swiftSettings: swiftSettings),
        .executableTarget(
            name: "KeyValueServer",
            dependencies: [
                "Fibers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "OrderedCollections", package: "swift-collections"),
            ],
            path: "Examples/KeyValueServer", swiftSettings: swiftSettings),
        .executableTarget(
            name: "ChatServer",
            dependencies: [
                "Fibers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Examples/ChatServer", swiftSettings: swiftSettings),
        .target(
            name: "ProcessGroups", dependencies: ["Fibers"], path: "Examples/ProcessGroups",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "Supervisor",
            dependencies: [
                "Fibers", "ProcessGroups",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Examples/Supervisor", swiftSettings: swiftSettings),
        .executableTarget(
            name: "ParallelMake",
            dependencies: [
                "Fibers", "ProcessGroups",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Examples/ParallelMake", swiftSettings: swiftSettings),
        .executableTarget(
            name: "CountLines", dependencies: ["Fibers"], path: "Examples/CountLines", swiftSettings: swiftSettings),
        .executableTarget(
            name: "JuliaManual", dependencies: ["Fibers"], path: "Examples/JuliaManual", swiftSettings: swiftSettings),
        .executableTarget(
            name: "ThreadPrograms", dependencies: ["Fibers"], path: "Tests/ThreadPrograms", swiftSettings: swiftSettings
        ),
        .executableTarget(name: "Mischief", path: "Tests/Mischief"),
        .executableTarget(
            name: "FaultPrograms",
            dependencies: ["Fibers", .product(name: "SystemPackage", package: "swift-system")],
            path: "Tests/FaultPrograms", swiftSettings: swiftSettings),
        .target(
            name: "TestSupport",
            dependencies: ["Fibers", .product(name: "SystemPackage", package: "swift-system")],
            path: "Tests/TestSupport", swiftSettings: swiftSettings),
        .testTarget(name: "CFibersTests", dependencies: ["CFibers"], swiftSettings: swiftSettings),
        .testTarget(
            name: "FibersTests",
            dependencies: [
                "Fibers", "CFibers", "Mischief", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "FibersTLSTests",
            dependencies: [
                "COpenSSL", "Fibers", "FibersTLS", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "ExampleTests",
            dependencies: [
                "Fibers", "Tour", "EchoServer", "CountLines", "ParallelEchoServer", "JuliaManual", "KeyValueServer",
                "ChatServer", "Supervisor", "ParallelMake", "ThreadPrograms", "FaultPrograms", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings),
    ],
    swiftLanguageModes: [.v6]
)
