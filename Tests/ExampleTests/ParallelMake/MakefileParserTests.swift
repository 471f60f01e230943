// SPDX-License-Identifier: MIT
import Testing

@testable import ParallelMake

@Suite struct MakefileParserTests {
    private func parse(_ text: String) throws -> Makefile { try MakefileParser.parse(text, name: "M") }

    @Test func `a rule has prerequisites and a recipe, and says where it stands`() throws {
        let makefile = try parse("# no\n\nall: a b # both\n\ta: b = c # kept\n\n\t-\t x\nb:\n")
        #expect(
            makefile.rules == [
                "all": Rule(
                    target: "all", prerequisites: ["a", "b"], recipe: ["a: b = c # kept", "-\t x"], place: "M:4"),
                "b": Rule(target: "b", place: "M:7"),
            ])
        #expect(makefile.defaultGoal == "all")
    }

    @Test func `variables are expanded in rules at once, and in recipes at the end`() throws {
        let makefile = try parse("OBJ = a.o b.o\nall:$(OBJ)\n\techo $(OBJ) $@ $^ $$PWD\nOBJ = c\nall: d a.o\n")
        #expect(makefile.rules["all"]?.prerequisites == ["a.o", "b.o", "d", "a.o"])
        #expect(makefile.rules["all"]?.recipe == ["echo c all a.o b.o d $PWD"])
    }

    @Test func `rules for one target add up, and one rule may have several targets`() throws {
        let makefile = try parse("a: x\na b: y\n\techo\na: z\n")
        #expect(
            makefile.rules == [
                "a": Rule(target: "a", prerequisites: ["x", "y", "z"], recipe: ["echo"], place: "M:3"),
                "b": Rule(target: "b", prerequisites: ["y"], recipe: ["echo"], place: "M:3"),
            ])
    }

    @Test func `prerequisites of .PHONY are phony, wherever it stands`() throws {
        let makefile = try parse(".PHONY: clean\nclean:\n\trm x\nall: clean\n")
        #expect(makefile.rules["clean"]?.isPhony == true)
        #expect(makefile.rules["all"]?.isPhony == false)
        #expect(makefile.defaultGoal == "clean")
    }

    @Test func `a backslash at the end joins lines, in a recipe for the shell`() throws {
        let makefile = try parse("X = 1 \\\n  2\r\nall: a \\\n b $(X)\n\techo 1; \\\n\techo 2\n\techo 3\n")
        #expect(makefile.rules["all"]?.prerequisites == ["a", "b", "1", "2"])
        #expect(makefile.rules["all"]?.recipe == ["echo 1; \\\n\techo 2", "echo 3"])
    }

    @Test(arguments: [
        ("a", "M:1: this is no rule, no variable, and no line of a recipe, which begins with a tab"),
        (" : x", "M:1: this is no rule, no variable, and no line of a recipe, which begins with a tab"),
        ("a:\n\techo $(NOWHERE_SET)", "M:2: $(NOWHERE_SET) is not set"),
        ("X := 1", "M:1: this is no rule, no variable, and no line of a recipe, which begins with a tab"),
        ("X = 1\n\techo", "M:2: this line of a recipe belongs to no target"),
        (".PHONY: a\n\techo", "M:2: this line of a recipe belongs to no target"),
        ("a:\n\techo 1\na:\n\techo 2", "M:4: a has a recipe already, at M:2"),
        ("a: $(NOWHERE_SET)", "M:1: $(NOWHERE_SET) is not set"),
    ])
    func `what cannot be understood is explained, with its line`(text: String, message: String) {
        #expect(throws: MakeError(message)) { try parse(text) }
    }
}

@Suite struct VariablesTests {
    private func expand(_ text: String, _ values: [String: String] = [:]) throws -> String {
        var variables = Variables()
        for (name, value) in values { variables[name] = value }
        return try variables.adding(["@": "t", "<": "p$1", "^": "p$1 q"]).expand(text, at: "M:1")
    }

    @Test(arguments: [
        ("plain", "plain"), ("$$x $$$$", "$x $$"), ("$@ $< $^", "t p$1 p$1 q"), ("$(A)${A}", "1 21 2"),
        ("-$(B)-", "-[1 2]-"), ("$(C)", "t"), ("$(@)", "t"),
    ])
    func `a dollar stands for a value, whose own are expanded`(text: String, result: String) throws {
        try #expect(expand(text, ["A": "1 2", "B": "[$(A)]", "C": "$@"]) == result)
    }

    @Test(arguments: [
        ("$(A)", "M:1: a cycle: A needs B needs A"), ("$(NOWHERE_SET)", "M:1: $(NOWHERE_SET) is not set"),
        ("$x", "M:1: $ stands before x: write $(NAME), or $$ for a dollar"),
        ("$(A", "M:1: $ stands before (: write $(NAME), or $$ for a dollar"),
    ])
    func `what stands for nothing is an error`(text: String, message: String) {
        #expect(throws: MakeError(message)) { try expand(text, ["A": "$(B)", "B": "$(A)"]) }
    }
}
