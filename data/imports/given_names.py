"""Common given names and surnames in Britain, by which a person's name in a list is known.

Names that are also words of medicine or places (Iris, Mark, Grace, Austin, Baker) are left out: they would
stop lists that name nobody.
"""

# The most frequent names of births in England and Wales over the last century (Office for National
# Statistics, baby names, historical top 100), and frequent ones of other languages spoken here.
GIVEN_NAMES = frozenset(
    """
    aaron abdul abdullah abigail adam agnes ahmed aidan aisha alan albert alexander alfie alfred ali
    alice alison amanda amelia amina amy andrea andrew angela anita anna anne annie anthony antonio
    arthur arun audrey barbara barry beatrice ben benjamin beryl beth bethany betty beverley brenda
    brian bridget bruce callum cameron carl carol caroline catherine charles charlie charlotte chloe
    christina christine christopher claire clare clive colin connor craig cynthia daniel danielle darren
    david deborah debra denise dennis derek diana diane donald donna doreen doris dorothy douglas dylan
    edith edna edward eileen elaine eleanor elizabeth ella ellen ellie elsie emily emma eric erin ernest
    esther ethan ethel eva evelyn farah fatima fiona florence frances francis freda frederick freya
    gareth gary geoffrey george georgia gerald geraldine gillian gladys glenn gloria gordon graham
    gregory gurpreet gwen hannah harold harpreet harriet harry hassan hazel heather helen henry hilary
    hilda holly hussain ian ibrahim imran irene isabel isabella isla jack jacob jacqueline jake james
    jamie jane janet janice jasmine jason jayne jean jeffrey jennifer jeremy jessica jill joan joanna
    joanne joe john jonathan joseph josephine joshua joyce judith julia julian julie june karen
    katherine kathleen kathryn katie keith kelly kenneth kerry kevin khadija kieran kimberley kirsty
    krishna kyle laura lauren lawrence leanne leonard lesley leslie lewis liam lilian linda lindsey lisa
    liz lorraine louis louise lucy luke lynda lynn lynne maisie malcolm manjit margaret maria mariam
    marie marilyn marion marjorie martin martyn mary maryam matthew maureen maurice megan melanie
    melissa michael michelle mildred millie mohamed mohammad mohammed molly monica muhammad muriel
    mustafa nadia nancy naomi natalie natasha nathan neil nicholas nicola nicole nigel nora norma norman
    oliver olivia omar oscar owen pamela patricia patrick paul paula pauline peggy penelope peter philip
    phillip phoebe phyllis piotr poppy priya rachael rachel rajesh ralph raymond rebecca rhys richard
    robert roger ronald rosemary roy russell ruth ryan sally samantha samuel sandra sanjay sarah scott
    sean shannon sharon sheila shirley simon singh sophia sophie stacey stanley stephanie stephen steven
    stewart stuart susan suzanne sylvia terence teresa thelma theresa thomas timothy tina tomasz tracey
    tracy trevor valerie vera veronica victor victoria vincent violet walter wayne wendy wilfred william
    winifred yasmin yusuf yvonne zainab zoe
    """.split()
)

# The most frequent surnames that are not also words of medicine or the names of operations.
SURNAMES = frozenset(
    """
    adams ahmed akhtar ali allen anderson bailey barnes begum bennett bibi brown campbell chapman clarke
    collins cooper cox davies davis edwards ellis evans gray griffiths hall harris harrison harvey
    hughes hussain jackson jenkins johnson jones kaur khan knight lewis lloyd marshall martin mason
    matthews miah miller mitchell moore morgan morris murphy murray palmer patel phillips powell price
    richards richardson roberts robertson robinson rogers ross russell scott shah shaw simpson singh
    smith stevens stewart taylor thomas thompson thomson turner walker ward watson webb white wilkinson
    williams wilson wright
    """.split()
)
