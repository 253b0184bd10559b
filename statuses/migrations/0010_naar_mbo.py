from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('statuses', '0009_eigen_redenen'),
    ]

    operations = [
        migrations.AddField(
            model_name='gebeurtenis',
            name='naar_mbo',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='overstap',
            name='vo_naar_mbo',
            field=models.BooleanField(null=True),
        ),
    ]
