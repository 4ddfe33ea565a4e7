import DocketDomain
import DocketPolicy
import Testing

/// A request that is over at one of the shipped desks, and how it came to that.
struct Ending: Sendable, CustomTestStringConvertible {
    let preset: String
    let channel: ChannelKey
    /// How its agent, who has taken it, ends it.
    let end: @Sendable (DeskStory, SupportRequest) async -> Void

    var testDescription: String { "\(preset), \(channel)" }

    private init(
        _ preset: String,
        _ channel: ChannelKey,
        _ end: @escaping @Sendable (DeskStory, SupportRequest) async -> Void
    ) {
        self.preset = preset
        self.channel = channel
        self.end = end
    }

    private static func finished(
        _ preset: String,
        _ channel: ChannelKey,
        as status: StatusKey
    ) -> Ending {
        Ending(preset, channel) { desk, request in
            await desk.does(request.finish(status), as: desk.bo)
        }
    }

    /// What opens again when open work is merged into it.
    static let opening = [
        finished("default", "chat", as: "closed"),
        finished("default", "email", as: "closed"),
        finished("connectiveone", "telegram", as: "closed"),
        finished("superoffice", "email", as: "closed_for_good"),
        finished("superoffice", "email", as: "closed"),
        finished("omnidesk", "vk", as: "closed"),
        finished("3dolphins", "livechat", as: "closed"),
        Ending("elma365", "line") { desk, request in
            for status in ["in_work", "done"] {
                await desk.does(request.set(status), as: desk.bo)
            }
            await desk.wait(.seconds(4 * 86_400))
        },
    ]

    /// What never goes back.
    static let lasting = [
        finished("connectiveone", "email", as: "closed"),
        finished("connectiveone", "hotline", as: "closed"),
    ]
}

@Suite("A merge buries no open work at any shipped desk")
struct MergeStories {
    /// A request that its agent has ended, and the question that came after it.
    private func begun(
        _ ending: Ending
    ) async throws -> (desk: DeskStory, older: SupportRequest, newer: SupportRequest) {
        let desk = try await DeskStory(ending.preset)
        let conversation = await desk.opens(ending.channel)
        let older = try await desk.says("It is broken", in: conversation, title: "Broken")
        if older.status == "classification" {
            await desk.does(older.edit(.topic("support"), .type("incident")), as: desk.bo)
            await desk.does(older.set("accepted"), as: desk.bo)
        }
        await desk.does(older.take, as: desk.bo)
        await ending.end(desk, older)
        let isOver = try await !desk.now(older).category.isActive
        #expect(isOver)
        let newer = try await desk.says("And again", in: conversation, title: "Again")
        #expect(newer.id != older.id && newer.category.isActive)
        return (desk, older, newer)
    }

    @Test("The survivor opens, with the agent who has the question", arguments: Ending.opening)
    func opens(ending: Ending) async throws {
        let (desk, older, newer) = try await begun(ending)
        await desk.does(newer.take, as: desk.cy)
        await desk.does(newer.merge(with: older), as: desk.cy)
        let survivor = try await desk.now(older)
        #expect(survivor.category.isActive, "\(survivor.status)")
        #expect(survivor.assignee?.name == "Cy")
        #expect(survivor.details.reopenings == 1)
        let isLiveChannel = desk.policy.channel(ending.channel)?.inactiveAfter != nil
        if isLiveChannel { #expect(survivor.session != nil, "the chat goes on live") }
        #expect(try await desk.now(newer).category == .merged)
    }

    @Test("The survivor opens for the agent who had it, if nobody has the question")
    func opensForItsAgent() async throws {
        for ending in Ending.opening {
            let (desk, older, newer) = try await begun(ending)
            await desk.does(newer.merge(with: older), as: desk.di)
            let survivor = try await desk.now(older)
            #expect(survivor.category.isActive && survivor.assignee?.name == "Bo", "\(ending)")
        }
    }

    @Test("What never goes back takes no open work", arguments: Ending.lasting)
    func stays(ending: Ending) async throws {
        let (desk, older, newer) = try await begun(ending)
        await desk.does(newer.take, as: desk.cy)
        #expect(await desk.refusal(of: newer.merge(with: older), as: desk.cy) == .notMergeable)
        #expect(try await desk.now(newer).category.isActive)
        #expect(try await desk.now(older).category == .closed)
    }

    @Test("Of two requests that are over neither opens", arguments: Ending.opening)
    func bothOver(ending: Ending) async throws {
        let (desk, older, newer) = try await begun(ending)
        if newer.status == "classification" {
            await desk.does(newer.edit(.topic("support"), .type("incident")), as: desk.bo)
            await desk.does(newer.set("accepted"), as: desk.bo)
        }
        await desk.does(newer.take, as: desk.bo)
        await ending.end(desk, newer)
        let before = try await desk.now(older)
        await desk.does(newer.merge(with: older), as: desk.bo)
        let after = try await desk.now(older)
        #expect(after.status == before.status && after.details.reopenings == 0)
    }
}
