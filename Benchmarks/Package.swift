// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "swift-fibers-benchmarks",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "fibers-bench", targets: ["FibersBench"])
    ],
    dependencies: [
        .package(name: "swift-fibers", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CBenchmarkLibuv",
            pkgConfig: "libuv",
            providers: [.apt(["libuv1-dev"]), .brew(["libuv"])]
        ),
        .systemLibrary(
            name: "CBenchmarkOpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]
        ),
        .target(name: "CFloor", dependencies: ["CBenchmarkLibuv", "CBenchmarkOpenSSL"]),
        .executableTarget(
            name: "FibersBench",
            dependencies: [
                "CFloor",
                .product(name: "Fibers", package: "swift-fibers"),
                .product(name: "FibersTLS", package: "swift-fibers"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu11
)
