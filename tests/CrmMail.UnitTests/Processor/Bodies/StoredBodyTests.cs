using CrmMail.Processor.Bodies;

namespace CrmMail.UnitTests.Processor.Bodies;

public sealed class StoredBodyTests
{
    [Fact]
    public void Of_all_bodies_of_a_mail_the_same_one_stays_in_whatever_order_they_come()
    {
        StoredBody[] told = [Body(10, 1), Body(20, 1), Body(20, 2), Body(19, 9), Body(20, 2)];
        for (var seed = 0; seed < 100; seed++)
        {
            var order = told.ToArray();
            new Random(seed).Shuffle(order);
            StoredBody? stored = null;
            foreach (var body in order)
            {
                stored = body.Supersedes(stored) ? body : stored;
            }

            Assert.Equal((20, 2), (stored!.Length, stored.Fingerprint[0]));
            Assert.False(Body(20, 2).Supersedes(stored));
        }
    }

    private static StoredBody Body(int length, byte fingerprint) => new(DateTime.UnixEpoch, length, [fingerprint]);
}
