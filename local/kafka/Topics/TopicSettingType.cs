namespace KafkaBroker.Topics;

/// <summary>What the value of a setting is, by Kafka's numbers.</summary>
internal enum TopicSettingType : sbyte
{
    Boolean = 1,
    Text = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}
