
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('statuses', '0007_levering_geweigerd'),
    ]

    operations = [
        migrations.AddField(
            model_name='toelichting',
            name='contact',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='toelichting',
            name='voor_school',
            field=models.CharField(blank=True, db_default='', default='', max_length=2000),
        ),
        migrations.AlterField(
            model_name='toelichting',
            name='tekst',
            field=models.CharField(blank=True, db_default='', default='', max_length=2000),
        ),
    ]
