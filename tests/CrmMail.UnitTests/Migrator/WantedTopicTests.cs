using CrmMail.Contracts;
using CrmMail.Migrator.Topics;

namespace CrmMail.UnitTests.Migrator;

public class WantedTopicTests
{
    [Fact]
    public void Events_are_kept_for_ever_and_dead_letters_for_90_days()
    {
        var topics = WantedTopic.From(new TopicOptions());
        Assert.Equal([(MailTopics.Events, "-1"), (MailTopics.DeadLetters, "7776000000")], topics.Select(topic => (topic.Name, topic.Configuration["retention.ms"])));
        Assert.All(topics, topic => Assert.Equal((12, "delete"), (topic.Partitions, topic.Configuration["cleanup.policy"])));
    }

    [Fact]
    public void A_record_has_room_for_the_largest_body_and_its_headers_and_a_dead_letter_for_more()
    {
        var topics = WantedTopic.From(new TopicOptions()).ToDictionary(topic => topic.Name, topic => int.Parse(topic.Configuration["max.message.bytes"], null));
        Assert.InRange(topics[MailTopics.Events], MailTopics.MaxBodyBytes + 32_768, int.MaxValue);
        Assert.InRange(topics[MailTopics.DeadLetters], topics[MailTopics.Events] + 32_768, int.MaxValue);
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(3, "2")]
    [InlineData(5, "2")]
    public void With_three_copies_an_acknowledged_write_has_two(short copies, string inSync) =>
        Assert.All(WantedTopic.From(new TopicOptions { ReplicationFactor = copies }), topic => Assert.Equal(inSync, topic.Configuration["min.insync.replicas"]));
}
