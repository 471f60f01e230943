// SPDX-License-Identifier: MIT
import CFibers
import Testing

/// Links that are known by their index.
private final class Links {
    private let links: UnsafeMutablePointer<fibers_link>

    init(count: Int) {
        links = .allocate(capacity: count)
        links.initialize(repeating: fibers_link(), count: count)
    }

    deinit { links.deallocate() }

    subscript(index: Int) -> UnsafeMutablePointer<fibers_link> { links + index }

    /// An empty list whose sentinel is the given link.
    func list(_ index: Int) -> UnsafeMutablePointer<fibers_link> {
        fibers_list_init(links + index)
        return links + index
    }

    /// The indices of a list's elements. Goes both ways and answers nil if they do not agree.
    func elements(of list: UnsafeMutablePointer<fibers_link>) -> [Int]? {
        let forwards = walk(list, \.next), backwards = walk(list, \.previous)
        return forwards == backwards.reversed() ? forwards : nil
    }

    private func walk(
        _ list: UnsafeMutablePointer<fibers_link>, _ step: KeyPath<fibers_link, UnsafeMutablePointer<fibers_link>?>
    ) -> [Int] {
        var found: [Int] = []
        var link = list.pointee[keyPath: step]
        while let present = link, present != list {
            found.append(present - links)
            link = present.pointee[keyPath: step]
        }
        return found
    }
}

@Suite struct ListTests {
    private let links = Links(count: 10)

    @Test func `a new list is empty`() {
        #expect(fibers_list_is_empty(links.list(0)))
        #expect(links.elements(of: links.list(0)) == [])
    }

    @Test func `elements are appended at the end`() {
        let list = links.list(0)
        for index in 1...3 { fibers_list_append(list, links[index]) }
        #expect(links.elements(of: list) == [1, 2, 3])
        #expect(!fibers_list_is_empty(list))
    }

    @Test func `elements are prepended at the start`() {
        let list = links.list(0)
        for index in 1...3 { fibers_list_prepend(list, links[index]) }
        #expect(links.elements(of: list) == [3, 2, 1])
    }

    @Test func `an element is inserted between two`() {
        let list = links.list(0)
        for index in 1...2 { fibers_list_append(list, links[index]) }
        fibers_list_insert(links[1], links[3], links[2])
        #expect(links.elements(of: list) == [1, 3, 2])
    }

    @Test(arguments: [(1, [2, 3]), (2, [1, 3]), (3, [1, 2])])
    func `an element leaves from anywhere`(leaving: Int, rest: [Int]) {
        let list = links.list(0)
        for index in 1...3 { fibers_list_append(list, links[index]) }
        fibers_list_remove(links[leaving])
        #expect(links.elements(of: list) == rest)
    }

    @Test func `the last element leaves an empty list that takes elements again`() {
        let list = links.list(0)
        fibers_list_append(list, links[1])
        fibers_list_remove(links[1])
        #expect(fibers_list_is_empty(list))
        fibers_list_append(list, links[1])
        #expect(links.elements(of: list) == [1])
    }
}
