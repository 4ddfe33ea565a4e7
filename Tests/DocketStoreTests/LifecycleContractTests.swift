import DeskSupport
import DocketDomain
import DocketStore
import Foundation
import Testing

/// What every store keeps of the life of requests, run over every store.
@Suite("The store's contract for the life of requests")
struct LifecycleContractTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    // MARK: Details

    /// Details with something in every field.
    private func full(_ scene: inout StoreScene) -> RequestDetails {
        let contact = scene.conversation.contact
        let reference = RequestReference(id: scene.id(), number: 77)
        var details = RequestDetails(
            kind: .ticket,
            origin: .manual,
            isInternal: true,
            isRouted: false,
            openedBy: scene.agent.party
        )
        details.title = "A title"
        (details.topic, details.firstTopic) = ("printers", "hardware")
        details.type = "fault"
        (details.priority, details.firstPriority) = ("high", "low")
        details.tags = ["one", "two"]
        details.fields = [
            "serial": .text("A-1"), "count": .integer(-5), "urgent": .flag(false),
            "colours": .words(["red", "green"]),
        ]
        details.watchers = [scene.agent]
        details.participants = [contact]
        details.links = LinkKind.allCases.map { Link(kind: $0, other: reference) }
        details.mergedInto = reference
        details.sources = [reference]
        details.statusBefore = "asked"
        details.reactivation = Reactivation(
            firstSequence: 4,
            statusBefore: "done",
            rest: Rest(
                statusSince: scene.now + .seconds(9),
                wakeAt: scene.now + .seconds(10),
                resolvedAt: scene.now + .seconds(11),
                closedAt: scene.now + .seconds(12),
                reopenings: 13
            )
        )
        details.wakeAt = scene.now + .seconds(1)
        details.acceptedAt = scene.now + .seconds(2)
        details.firstRepliedAt = scene.now + .seconds(3)
        details.firstViewedAt = scene.now + .seconds(4)
        details.viewedByAssigneeAt = scene.now + .seconds(5)
        details.resolvedAt = scene.now + .seconds(6)
        details.closedAt = scene.now + .seconds(7)
        details.reopenings = 8
        return details
    }

    @Test("Everything about a request is kept, when it begins so", arguments: StoreKind.allCases)
    func detailsOfNew(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        var request = scene.request(number: 1)
        request.details = full(&scene)
        try scene.insert([request])
        try scene.read { reading throws(StoreError) in
            #expect(try reading.situation(ofRequest: request.id).request == request)
            #expect(try reading.request(number: 1) == request)
        }
    }

    @Test("Everything about a request is kept, when it changes so", arguments: StoreKind.allCases)
    func detailsOfChanged(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let opened = scene.request(number: 1)
        var changed = opened
        changed.details = full(&scene)
        changed.description = "another"
        changed.version = 2
        try scene.insert([opened])
        try scene.store.transact { transaction throws(StoreError) in
            try transaction.update(changed, from: opened)
            #expect(try transaction.situation(ofRequest: opened.id).request == changed)
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.situation(ofRequest: opened.id).request == changed)
        }
        try scene.store.transact { transaction throws(StoreError) in
            try transaction.update(opened, from: changed)
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.situation(ofRequest: opened.id).request == opened)
            #expect(try !reading.isInUse(.topic("printers")))
        }
    }

    @Test(
        "How a request rested before it was begun anew is kept, unless nobody knew it",
        arguments: StoreKind.allCases
    )
    func rest(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let nothing = Rest(
            statusSince: scene.now,
            wakeAt: nil,
            resolvedAt: nil,
            closedAt: nil,
            reopenings: 0
        )
        var requests = [scene.request(number: 1), scene.request(number: 2)]
        for (place, rest) in [nothing, nil].enumerated() {
            requests[place].details.reactivation = Reactivation(
                firstSequence: 4,
                statusBefore: "done",
                rest: rest
            )
        }
        try scene.insert(requests)
        try scene.read { reading throws(StoreError) in
            for request in requests {
                #expect(try reading.situation(ofRequest: request.id).request == request)
            }
        }
    }

    @Test(
        "A change that was rolled back is gone, of the newest request and of an older one",
        arguments: StoreKind.allCases
    )
    func rolledBack(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let requests = [scene.request(number: 1), scene.request(number: 2)]
        try scene.insert(requests)
        let conversation = scene.conversation.id
        let lost = scene.request(number: 3)
        #expect(throws: StoreError.locked) {
            try scene.store.transact { transaction throws(StoreError) in
                for request in requests {
                    var changed = request
                    changed.details.title = "lost"
                    try transaction.update(changed, from: request)
                }
                try transaction.insert(lost, openedAt: 1)
                #expect(try transaction.nextRequestNumber() == 4)
                #expect(try transaction.situation(of: conversation).request == lost)
                try transaction.setNewest(requests[0].id, of: conversation)
                throw StoreError.locked
            }
        }
        try scene.store.transact { transaction throws(StoreError) in
            #expect(try transaction.nextRequestNumber() == 3)
            #expect(try transaction.situation(of: conversation).request == requests[1])
            var changed = requests[0]
            changed.details.title = "kept"
            try transaction.update(changed, from: requests[0])
            let newest = try transaction.situation(of: conversation)
            #expect(newest.request == requests[1])
            #expect(newest.conversation?.newestRequest == requests[1].id)
            #expect(try transaction.situation(ofRequest: requests[0].id).request == changed)
        }
    }

    // MARK: Policies

    @Test("Policies are kept by version, and the last is in force", arguments: StoreKind.allCases)
    func policies(kind: StoreKind) throws {
        let scene = try StoreScene(kind, in: directory)
        let records = (1...5).map { (version: UInt64) -> PolicyRecord in
            let author: Party = version == 1 ? .desk : scene.agent.party
            return PolicyRecord(
                version: version,
                name: "Policy \(version)",
                text: "version: \(version)\n",
                appliedAt: scene.now + Duration.seconds(Int64(version)),
                appliedBy: author,
                offset: 10 * version
            )
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.currentPolicy() == nil)
            #expect(try reading.policies(before: .max, limit: 9).isEmpty)
        }
        for record in records {
            try scene.store.transact { transaction throws(StoreError) in
                try transaction.insert(record)
                #expect(try transaction.currentPolicy() == record)
            }
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.currentPolicy() == records[4])
            for record in records { #expect(try reading.policy(version: record.version) == record) }
            #expect(try reading.policy(version: 0) == nil)
            #expect(try reading.policy(version: 6) == nil)
            #expect(try reading.policies(before: .max, limit: 2).map(\.version) == [5, 4])
            #expect(try reading.policies(before: 4, limit: 2).map(\.version) == [3, 2])
            #expect(try reading.policies(before: 2, limit: 2).map(\.version) == [1])
            #expect(try reading.policies(before: 1, limit: 2).isEmpty)
        }
    }

    @Test("What requests use of a policy is known", arguments: StoreKind.allCases)
    func uses(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        var request = scene.request(number: 1, status: "asked", .waiting)
        request.details = full(&scene)
        let used: [PolicyUse] = [
            .status("asked"), .channel("chat"), .topic("printers"), .type("fault"),
            .priority("high"), .kind(.ticket), .statusOfKind("asked", .ticket),
            .field("serial"), .field("urgent"),
        ]
        let unused: [PolicyUse] = [
            .status("done"), .channel("email"), .topic("hardware"), .type("question"),
            .priority("low"), .kind(.chat), .kind(.task), .statusOfKind("asked", .chat),
            .statusOfKind("done", .ticket), .field("shelf"),
        ]
        try scene.read { reading throws(StoreError) in
            for use in used where use != .channel("chat") {
                #expect(try !reading.isInUse(use), "\(use)")
            }
        }
        try scene.insert([request])
        try scene.read { reading throws(StoreError) in
            for use in used { #expect(try reading.isInUse(use), "\(use)") }
            for use in unused { #expect(try !reading.isInUse(use), "\(use)") }
        }
        var moved = request
        moved.status = "done"
        moved.details.fields = ["serial": .text("A-2"), "shelf": .text("4")]
        try scene.store.transact { transaction throws(StoreError) in
            try transaction.update(moved, from: request)
            #expect(try transaction.isInUse(.status("done")), "not written yet, and known")
            #expect(try !transaction.isInUse(.status("asked")))
            #expect(try transaction.isInUse(.field("shelf")))
            #expect(try transaction.isInUse(.field("serial")))
            #expect(try !transaction.isInUse(.field("urgent")))
            #expect(try transaction.isInUse(.statusOfKind("done", .ticket)))
        }
    }

    @Test("The statuses and channels in use are named, each once", arguments: StoreKind.allCases)
    func keysInUse(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        try scene.read { reading throws(StoreError) in
            #expect(try reading.statusesInUse().isEmpty)
            #expect(try reading.channelsInUse() == ["chat"])
        }
        try scene.insert([
            scene.request(number: 1, status: "done", .closed), scene.request(number: 2),
            scene.request(number: 3, status: "done", .closed),
        ])
        try scene.read { reading throws(StoreError) in
            let found = try reading.statusesInUse()
            #expect(found.map(\.status) == ["done", "new"])
            #expect(found.map(\.category) == [.closed, .new])
        }
    }

    @Test("How far timers are revised is kept, until it is over", arguments: StoreKind.allCases)
    func revision(kind: StoreKind) throws {
        let scene = try StoreScene(kind, in: directory)
        for number: UInt64? in [nil, 0, 77, nil] {
            try scene.store.transact { transaction throws(StoreError) in
                try transaction.keep(timersRevisedThrough: number)
                #expect(try transaction.timersRevisedThrough() == number)
            }
            try scene.read { reading throws(StoreError) in
                #expect(try reading.timersRevisedThrough() == number)
            }
        }
    }

    // MARK: Chains

    @Test(
        "A request's neighbours are the routed ones, past any number of merged and others",
        arguments: StoreKind.allCases
    )
    func neighbours(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        var requests = [scene.request(number: 1)]
        for number in 2...12 {
            requests.append(scene.request(number: UInt64(number), isRouted: false))
        }
        for number in 13...24 {
            requests.append(scene.request(number: UInt64(number), status: "merged", .merged))
        }
        requests.append(scene.request(number: 25, status: "deleted", .deleted))
        try scene.insert(requests)
        let conversation = scene.conversation.id
        let number = { (request: SupportRequest?) in request?.number }
        try scene.store.transact { transaction throws(StoreError) in
            let ends = [requests[0], requests[24]]
            let (none, next) = try transaction.neighbours(of: ends[0])
            #expect(none == nil && number(next) == 25)
            let (previous, nothing) = try transaction.neighbours(of: ends[1])
            #expect(number(previous) == 1 && nothing == nil)
            let between = try transaction.neighbours(of: requests[9])
            #expect(number(between.previous) == 1 && number(between.next) == 25)
            #expect(
                try transaction.newestRequest(in: conversation, beside: ends[1].id) == ends[0].id
            )
            #expect(
                try transaction.newestRequest(in: conversation, beside: ends[0].id) == ends[1].id
            )
            try transaction.setNewest(ends[0].id, of: conversation)
            #expect(try transaction.situation(of: conversation).request == ends[0])
            try transaction.setNewest(nil, of: conversation)
            #expect(try transaction.situation(of: conversation).request == nil)
        }
        try scene.read { reading throws(StoreError) in
            let situation = try reading.situation(of: conversation)
            #expect(situation.conversation != nil && situation.request == nil)
            let older = try reading.situation(ofRequest: requests[0].id)
            #expect(older.request == requests[0] && older.conversation?.newestRequest == nil)
        }
    }

    @Test(
        "A request aside does not become the newest of its conversation",
        arguments: StoreKind.allCases
    )
    func aside(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let requests = [
            scene.request(number: 1), scene.request(number: 2, isRouted: false),
        ]
        try scene.insert(requests)
        let conversation = scene.conversation.id
        try scene.store.transact { transaction throws(StoreError) in
            #expect(try transaction.situation(of: conversation).request == requests[0])
            let aside = try transaction.situation(ofRequest: requests[1].id)
            #expect(aside.request == requests[1])
            #expect(aside.conversation?.newestRequest == requests[0].id)
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.situation(of: conversation).request == requests[0])
        }
    }

    // MARK: The rest

    @Test(
        "An entry that concerns the desk as a whole is in the log and in no conversation",
        arguments: StoreKind.allCases
    )
    func desksEntries(kind: StoreKind) throws {
        let scene = try StoreScene(kind, in: directory)
        try scene.store.transact { transaction throws(StoreError) in
            #expect(try transaction.append(Data([9]), to: nil, audience: .staff) == 2)
        }
        try scene.read { reading throws(StoreError) in
            #expect(try reading.entries(after: 1, limit: 9).map(\.event) == [Data([9])])
            #expect(try reading.entry(at: 2)?.audience == .staff)
            let own = try reading.entries(
                in: scene.conversation.id,
                .after(0),
                limit: 9,
                for: .staff
            )
            #expect(own.map(\.offset) == [1])
            #expect(try reading.entries(on: "chat", after: 1, through: 9, limit: 9).isEmpty)
        }
        #expect(try scene.store.check().isEmpty)
    }

    @Test("A request has a timer of each kind at once", arguments: StoreKind.allCases)
    func timers(kind: StoreKind) throws {
        var scene = try StoreScene(kind, in: directory)
        let request = scene.request(number: 1)
        try scene.insert([request])
        let now = scene.now
        let kinds = Array(TimerRecord.Kind.allCases.enumerated())
        let timers = kinds.map { (place, kind) -> TimerRecord in
            TimerRecord(
                request: request.id,
                kind: kind,
                version: now.milliseconds + UInt64(place),
                due: now + Duration.seconds(place / 2)
            )
        }
        try scene.store.transact { transaction throws(StoreError) in
            for timer in timers.reversed() { try transaction.set(timer) }
        }
        try scene.store.transact { transaction throws(StoreError) in
            for timer in timers {
                #expect(try transaction.nextTimer() == timer)
                try transaction.removeTimer(of: request.id, kind: timer.kind)
            }
            #expect(try transaction.nextTimer() == nil)
        }
    }

    @Test("What has arrived and what was read are kept apart", arguments: StoreKind.allCases)
    func marks(kind: StoreKind) throws {
        let scene = try StoreScene(kind, in: directory)
        let conversation = scene.conversation.id
        let readers = [PrincipalID(scene.conversation.contact.id), PrincipalID(scene.agent.id)]
        let marks = [
            ReadMark(upTo: 0, receivedUpTo: 4, offset: 5),
            ReadMark(upTo: 3, receivedUpTo: 9, offset: 6),
        ]
        try scene.store.transact { transaction throws(StoreError) in
            for (reader, mark) in zip(readers, marks) {
                try transaction.keep(mark, of: reader, in: conversation)
            }
        }
        try scene.read { reading throws(StoreError) in
            for (reader, mark) in zip(readers, marks) {
                #expect(try reading.readMark(of: reader, in: conversation) == mark)
            }
        }
    }
}
