import Testing

@Suite("Module walls")
struct ModuleWallTests {
    @Test("every file imports only what its module may know")
    func imports() {
        for wall in ModuleWall.all {
            for file in Repository.sources where file.module == wall.module {
                Violation.record(wall.violations(in: file))
            }
        }
    }

    @Test("every module has a wall, and every wall a module")
    func complete() {
        #expect(Repository.names(in: "Sources") == ModuleWall.all.map(\.module).sorted())
    }

    @Test("no wall has a door that nobody uses")
    func noStaleDoors() {
        let libc: Set = ["Glibc", "Musl", "Darwin"]
        for wall in ModuleWall.all {
            let files = Repository.sources.filter { $0.module == wall.module }
            for (module, places) in wall.onlyIn {
                // One of several C libraries is imported, as the platform wants it.
                let wanted = libc.contains(module) ? libc : [module]
                let users = files.filter { file in
                    ImportStatement.all(in: file.tokens).contains { wanted.contains($0.module) }
                }
                Violation.record(
                    AllowList.stale(
                        places,
                        users: users.map(\.pathInModule),
                        rule: "\(wall.module) imports \(module)",
                        home: ModuleWall.home
                    )
                )
            }
        }
    }

    @Test("a wall stops an import in every form, and lets its named file through")
    func stops() throws {
        let wall = ModuleWall(
            module: "Core",
            anywhere: ["DequeModule"],
            onlyIn: ["Foundation": ["Clock.swift"], "CLib": ["Interop/"]],
            reason: "it is pure"
        )
        func modules(_ path: String, _ text: String) -> [String] {
            wall.violations(in: SourceFile(path: "Sources/Core/\(path)", text: text)).map(\.rule)
        }
        #expect(modules("A.swift", "public import DequeModule\ninternal import DequeModule") == [])
        #expect(modules("A.swift", "internal import NIOCore") == ["Core does not import NIOCore"])
        #expect(modules("A.swift", "@preconcurrency import struct NIOCore.ByteBuffer").count == 1)
        #expect(modules("A.swift", "#if canImport(Darwin)\nimport Darwin\n#endif").count == 1)
        #expect(modules("A.swift", "import Foundation").count == 1)
        #expect(modules("Clock.swift", "import Foundation") == [])
        #expect(modules("Interop/Deep/B.swift", "import CLib") == [])
        #expect(modules("A.swift", "// import NIOCore\nlet text = \"import NIOCore\"") == [])
    }
}
