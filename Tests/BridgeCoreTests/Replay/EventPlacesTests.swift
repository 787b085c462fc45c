import Testing

@testable import BridgeCore

/// The table against a list of everything that is in it.
@Suite("Places of ids")
struct EventPlacesTests {
    private static func all(_ hash: UInt64, _ places: EventPlaces, _ oldest: Int) -> Set<EventPlaces.Place> {
        var all: Set<EventPlaces.Place> = []
        var search = places.search(hash)
        while let place = places.next(&search, from: oldest) { all.insert(place) }
        return all
    }

    @Test(
        "it finds what a list finds, while messages come, leave in order, and are taken out again",
        arguments: [(1, 1 << 40), (2, 200), (3, 3)] as [(UInt64, UInt64)]
    )
    func model(seed: UInt64, hashes: UInt64) {
        var random = SeededGenerator(seed: seed)
        var places = EventPlaces()
        var list: [(hash: UInt64, place: EventPlaces.Place)] = []
        var (oldest, next) = (0, 0)
        var (found, removed) = (0, 0)
        for round in 0..<3_000 {
            for index in 0..<Int.random(in: 0...8, using: &random) {
                let hash = UInt64.random(in: 0..<hashes, using: &random) << 24
                let place = EventPlaces.Place(message: next, index: index)
                places.insert(hash, place, oldest: oldest)
                list.append((hash, place))
            }
            next += 1
            if Int.random(in: 0..<40, using: &random) == 0 {
                let message = Int.random(in: max(oldest, next - 3)..<next, using: &random)
                let index = Int.random(in: 0...4, using: &random)
                places.remove(from: message, index: index)
                let before = list.count
                list.removeAll { $0.place.message > message || $0.place.message == message && $0.place.index >= index }
                removed += before - list.count
                // What was taken out may come again under the same numbers.
                next = message + 1
            }
            oldest = max(oldest, next - 20)
            list.removeAll { $0.place.message < oldest }
            for _ in 0..<4 {
                let known = list.randomElement(using: &random)
                let hash = known?.hash ?? 0
                #expect(known.map { Self.all(hash, places, oldest).contains($0.place) } != false, "\(seed) \(round)")
                found += known == nil ? 0 : 1
                let other = UInt64.random(in: 0..<hashes, using: &random) << 24
                let seen = Self.all(other, places, oldest)
                #expect(seen.isSuperset(of: list.filter { $0.hash == other }.map(\.place)), "\(seed) \(round)")
                #expect(seen.isSubset(of: list.map(\.place)), "nothing that has left: \(seed) \(round)")
            }
        }
        #expect(found > 5_000 && removed > 100)
    }
}
