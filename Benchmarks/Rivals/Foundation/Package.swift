// swift-tools-version: 6.2
// SPDX-License-Identifier: MIT
import PackageDescription

let package = Package(
    name: "rival",
    platforms: [.macOS(.v15)],
    targets: [.executableTarget(name: "rival", path: "Sources")],
    swiftLanguageModes: [.v6]
)
